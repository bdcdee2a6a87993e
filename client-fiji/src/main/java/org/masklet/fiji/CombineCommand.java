package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Masklet Combine...: follows objects along several axes and keeps what enough of them agree on, or joins objects into one. */
public final class CombineCommand extends Command {
    private static final String TABLE = "Masklet Disagreement";
    private static final int MAX_VOTES = 3;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Combine");
        dialog.addChoice("how", new String[] {"directions", "union"}, "directions");
        dialog.addStringField("objects", "all", 10);
        dialog.addChoice("axes", new String[] {"zyx", "zy", "zx", "yx"}, "zyx");
        dialog.addNumericField("votes", 0, 0, 6, "0 = more than half");
        ModelChoice.add(dialog);
        dialog.addMessage("directions: the voxels that enough axes agree on.\nunion: joins the objects into the first; axes, votes and model do not matter.");
        if (!ask(dialog)) return;
        boolean union = dialog.getNextChoice().equals("union");
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        List<String> axes = Arrays.asList(dialog.getNextChoice().split(""));
        double votes = dialog.getNextNumber();
        String model = ModelChoice.next(dialog);
        if (!(votes >= 0 && votes <= MAX_VOTES && votes == Math.rint(votes))) throw new Fault("options_invalid", "votes must be a whole number from 0 to " + MAX_VOTES + ".", "");

        ImageSession session = Connection.THE.session(image);
        Frame message = union ? Messages.union(session.sessionId, ids)
            : Messages.combineDirections(session.sessionId, ids, axes, votes == 0 ? null : (int) votes, null, model);
        MaskRun run = new MaskRun(session, image, message, "combining", "overlay");
        if (run.value != null && run.value.has("disagreements")) {
            run.facts.put("disagreements", run.value.list("disagreements"));
            showTable(run.value.maps("disagreements"));
        }
        run.finish("combine", run.objects(), "overlay");
    }

    /** The worst plane counts from 1 along its axis, as slices do. */
    private static void showTable(List<Frame> disagreements) throws Fault {
        ResultsTable table = new ResultsTable();
        for (Frame each : disagreements) {
            table.incrementCounter();
            table.addValue("object", each.integer("objectId"));
            table.addValue("voxels", each.integer("voxels"));
            table.addValue("disputed", each.integer("disputed"));
            table.addValue("dice", each.number("dice"));
            Frame worst = each.has("worst") ? each.map("worst") : null;
            table.addValue("worst axis", worst == null ? "" : worst.text("axis"));
            table.addValue("worst plane", worst == null ? "" : Integer.toString(worst.integer("index") + 1));
        }
        table.showRowNumbers(false);
        if (!GraphicsEnvironment.isHeadless()) table.show(TABLE);
    }
}
