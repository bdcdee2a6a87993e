package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Masklet Automask...: finds the objects of the current slice, or of its part inside the selection's bounds, from a grid of clicks. */
public final class AutomaskCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Automask");
        GridOptions.add(dialog);
        ModelChoice.add(dialog);
        dialog.addMessage("Looks at the current slice, inside the selection's bounds if there is one.");
        if (!ask(dialog)) return;
        Frame grid = GridOptions.next(dialog);
        String model = ModelChoice.next(dialog);
        int[] region = GridOptions.region(image);
        Frame cut = Messages.cut(image.getZ() - 1, image.getT() - 1, channel(image));

        ImageSession session = Connection.THE.session(image);
        MaskRun run = new MaskRun(session, image, Messages.automask(session.sessionId, cut, region, grid, model), "looking for objects", "overlay");
        run.finish("automask", run.objects(), "overlay");
    }
}
