package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;
import org.masklet.wire.Messages;

/** Masklet Evaluate...: a label image, or what the image's session holds, judged against the true label image; both are open in ImageJ. */
public final class EvaluateCommand extends Command {
    private static final String SESSION = "session";

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus current = image();
        String[] titles = titles();
        GenericDialog dialog = new GenericDialog("Masklet Evaluate");
        dialog.addChoice("truth", titles, guess(titles, current));
        dialog.addChoice("prediction", withSession(titles), SESSION);
        dialog.addStringField("objects", "all", 10);
        dialog.addCheckbox("same_ids", false);
        ReportPage.add(dialog);
        dialog.addMessage("prediction: a label image, or the session of \"" + current.getTitle() + "\".\nobjects, same_ids: of a session. same_ids: its numbers are the truth's, so that Dice\nis also told by the distance from the prompted slices.");
        if (!ask(dialog)) return;
        String truth = dialog.getNextChoice();
        String prediction = dialog.getNextChoice();
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        boolean sameIds = dialog.getNextBoolean();
        ReportPage report = ReportPage.next(dialog);
        List<String> files = new ArrayList<>(Arrays.asList("objects.csv"));
        if (report != null) files.add(ReportPage.NAME);

        boolean ofSession = prediction.equals(SESSION);
        if (truth.equals(prediction) || ofSession && current == named(truth)) throw new Fault("options_invalid", "\"" + truth + "\" cannot be judged against itself.", "Choose two images, or click on the image of the session first.");
        ImagePlus truthImage = named(truth);
        LiveClient client = Connection.THE.client();
        Frame value;
        if (ofSession) {
            ImageSession session = Connection.THE.session(current);
            String truthId = LabelVolume.send(client, truthImage);
            value = session.ask(Messages.evaluate(session.sessionId, truthId, ids, null, sameIds ? Boolean.TRUE : null, frame(current), files), "judging");
        } else {
            ImagePlus other = named(prediction);
            String truthId = LabelVolume.send(client, truthImage);
            String predictionId = LabelVolume.send(client, other);
            value = Follow.value(client.send(Messages.evaluateLabels(truthId, predictionId, null, frame(truthImage), null, null, files)), "judging", mask -> { });
            if (value == null) throw new Fault("cancelled", "Stopped by Escape.", "");
        }

        Frame evaluation = value.map("evaluation");
        Map<String, Object> facts = Evaluations.facts(evaluation);
        Evaluations.show(evaluation, truth, ofSession ? current.getTitle() : prediction);
        ResultsTable objects = Measurements.table(MeasureCommand.text(value, "objects.csv"), Measurements.Columns.ALL);
        facts.put("rows", Measurements.show(objects, Evaluations.OBJECTS));
        if (report != null) facts.put("report", report.show(MeasureCommand.file(value, ReportPage.NAME), LabelImage.stem(truthImage)));
        Masklet_Macro.succeeded("evaluate", new LinkedHashMap<>(facts));
        IJ.showStatus("Masklet: F1 " + IJ.d2s((Double) facts.get("f1"), 3) + ", Dice " + IJ.d2s((Double) facts.get("dice"), 3) + " (table " + Evaluations.TABLE + ")");
    }

    /** The frame that is looked at, 0-based; null where there is one. */
    private static Integer frame(ImagePlus image) {
        return image.getNFrames() > 1 ? image.getT() - 1 : null;
    }

    private static String[] titles() {
        List<String> found = new ArrayList<>();
        int[] open = WindowManager.getIDList();
        if (open != null) for (int id : open) found.add(WindowManager.getImage(id).getTitle());
        return found.toArray(new String[0]);
    }

    private static String[] withSession(String[] titles) {
        List<String> choices = new ArrayList<>();
        choices.add(SESSION);
        choices.addAll(Arrays.asList(titles));
        return choices.toArray(new String[0]);
    }

    /** What is called so is mostly meant; else the first image that is not the one looked at. */
    private static String guess(String[] titles, ImagePlus current) {
        for (String title : titles) if (title.matches("(?i).*(truth|\\bgt\\b|reference|manual).*")) return title;
        for (String title : titles) if (!title.equals(current.getTitle())) return title;
        return titles[0];
    }

    private static ImagePlus named(String title) throws Fault {
        ImagePlus image = WindowManager.getImage(title);
        if (image == null) throw new Fault("no_image", "No image \"" + title + "\" is open.", "Open it, or name another one.");
        return image;
    }
}
