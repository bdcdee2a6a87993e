package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Messages;

/** Masklet Propagate...: follows the prompted objects through the stack. Planes are 1-based and inclusive here, as Fiji shows slices. */
public final class PropagateCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Propagate");
        dialog.addChoice("axis", new String[] {"z", "y", "x", "t"}, image.getNSlices() > 1 || image.getNFrames() == 1 ? "z" : "t");
        dialog.addChoice("direction", new String[] {"both", "forward", "backward"}, "both");
        SliceRange.add(dialog);
        dialog.addStringField("objects", "all", 10);
        dialog.addChoice("output", Results.OUTPUTS, "all");
        ModelChoice.add(dialog);
        dialog.addCheckbox("continue (only beside edited prompts)", false);
        dialog.addMessage("Along y and x an object needs a prompt on a y or x plane. Selections\nprompt slices alone; other clients of the session may prompt those planes.");
        if (!ask(dialog)) return;
        String axis = dialog.getNextChoice();
        String direction = dialog.getNextChoice();
        int[] range = SliceRange.next(dialog, image, axis);
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        String output = dialog.getNextChoice();
        String model = ModelChoice.next(dialog);
        Boolean goOn = dialog.getNextBoolean() ? Boolean.TRUE : null;

        ImageSession session = Connection.THE.session(image);
        MaskRun run = new MaskRun(session, image, Messages.propagate(session.sessionId, ids, axis, range, direction, goOn, model), "propagating", output);
        if (run.value != null) run.facts.put("ends", run.value.list("ends"));
        run.finish("propagate", ids, output);
    }
}
