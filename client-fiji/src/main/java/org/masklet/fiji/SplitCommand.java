package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.PointRoi;
import ij.gui.Roi;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Messages;

/** Masklet Split...: parts an object that holds several particles, by one seed in each or by the narrowest necks. */
public final class SplitCommand extends Command {
    private static final int MAX_PARTS = 1000;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        Object last = image.getProperty(AddPromptCommand.OBJECT);
        Roi roi = image.getRoi();
        GenericDialog dialog = new GenericDialog("Masklet Split");
        dialog.addStringField("object", last == null ? "1" : last.toString(), 6);
        dialog.addStringField("seeds", roi instanceof PointRoi ? Seeds.write(Seeds.of(image)) : Seeds.AUTO, 24);
        dialog.addNumericField("depth", 1, 2, 6, "in the smallest spacing");
        dialog.addNumericField("parts", 0, 0, 6, "0 = any number");
        dialog.addMessage("seeds: auto, selection (points, one in each part, on any slice), or x,y,slice;x,y,slice.\nWithout seeds, depth is how much narrower than its parts a neck must be,\nand parts the most there may be.");
        if (!ask(dialog)) return;
        int objectId = ObjectIds.single(dialog.getNextString());
        List<double[]> seeds = Seeds.parse(dialog.getNextString(), image);
        double depth = dialog.getNextNumber();
        double parts = dialog.getNextNumber();
        if (objectId == 0) throw new Fault("objects_invalid", "Split needs the id of an object.", "Write a number such as 1.");
        if (!(depth >= 0 && depth <= 1000)) throw new Fault("options_invalid", "depth must be from 0 to 1000.", "");
        if (parts != 0 && !(parts >= 2 && parts <= MAX_PARTS && parts == Math.rint(parts))) {
            throw new Fault("options_invalid", "parts must be 0, or a whole number from 2 to " + MAX_PARTS + ".", "");
        }
        ImageSession session = Connection.THE.session(image);
        MaskRun run = new MaskRun(session, image, Messages.split(session.sessionId, objectId, image.getT() - 1, seeds,
            seeds == null ? depth : null, seeds == null && parts != 0 ? (int) parts : null), "splitting object " + objectId, "overlay");
        run.finish("split", run.objects(), "overlay");
        if (seeds != null && roi instanceof PointRoi) image.deleteRoi();
    }
}
