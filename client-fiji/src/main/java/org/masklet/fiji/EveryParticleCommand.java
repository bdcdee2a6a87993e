package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Masklet Segment Every Particle...: looks for objects on every k-th plane and follows each through the stack, or through the frames. */
public final class EveryParticleCommand extends Command {
    private static final int MAX_EVERY = 1000;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Segment Every Particle");
        dialog.addChoice("axis", new String[] {"z", "t"}, image.getNSlices() > 1 || image.getNFrames() == 1 ? "z" : "t");
        dialog.addNumericField("every", 8, 0, 6, "planes between two searches");
        SliceRange.add(dialog);
        GridOptions.add(dialog);
        dialog.addChoice("output", Results.OUTPUTS, "all");
        ModelChoice.add(dialog);
        dialog.addMessage("Searches the current frame (along t: the current slice), inside the selection's bounds if there is one.");
        if (!ask(dialog)) return;
        String axis = dialog.getNextChoice();
        double every = dialog.getNextNumber();
        if (!(every >= 1 && every <= MAX_EVERY && every == Math.rint(every))) {
            throw new Fault("options_invalid", "every must be a whole number from 1 to " + MAX_EVERY + ".", "");
        }
        int[] range = SliceRange.next(dialog, image, axis);
        Frame grid = GridOptions.next(dialog);
        String output = dialog.getNextChoice();
        String model = ModelChoice.next(dialog);
        int[] region = GridOptions.region(image);
        int frame = axis.equals("t") ? image.getZ() - 1 : image.getT() - 1;

        ImageSession session = Connection.THE.session(image);
        Frame message = Messages.automaskStack(session.sessionId, axis, range, frame, channel(image), (int) every, null, region, grid, model);
        MaskRun run = new MaskRun(session, image, message, "segmenting every particle", output);
        run.finish("automask.stack", run.objects(), output);
    }
}
