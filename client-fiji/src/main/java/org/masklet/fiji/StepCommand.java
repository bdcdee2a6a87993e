package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** Masklet Undo and Masklet Redo: one edit of the session back or forth, whoever made it. */
public final class StepCommand extends Command {
    @Override
    void execute(String which) throws Fault, InterruptedException {
        ImagePlus image = image();
        ImageSession session = Connection.THE.session(image);
        Frame result = session.step(which);
        MaskOverlay.replace(image, session.masks());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seq", result.integer("seq"));
        facts.put("undone", result.text("undone", null));
        facts.put("objects", session.objects());
        Masklet_Macro.succeeded(which, facts);
        IJ.showStatus("Masklet: " + which + " of " + result.text("undone", "the last edit"));
    }
}
