package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Messages;

/** Masklet Add Prompt...: the current selection on the current slice, answered by a mask that is drawn at once. */
public final class AddPromptCommand extends Command {
    /** The image property that holds the object prompted last. */
    static final String OBJECT = "masklet.last-object";

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        SelectionPreview.Wish told = new PromptDialog(image).ask();
        if (told == null) return;
        // The dialog leaves the image free: it is taken as it is looked at now.
        Frame cut = Messages.cut(image.getZ() - 1, image.getT() - 1, channel(image));
        Frame parts = SelectionPrompt.parts(image, told.kind, told.positive);
        ImageSession session = Connection.THE.session(image);
        int objectId = told.objectId == 0 ? session.nextObject() : told.objectId;
        Mask[] answered = new Mask[1];
        Frame result;
        try {
            result = session.setPrompt(objectId, cut, parts, told.add, false, told.model, mask -> answered[0] = mask);
        } catch (Fault fault) {
            if (fault.code().equals("conflict")) MaskOverlay.replace(image, session.masks()); // the change that the sentence speaks of
            throw fault;
        }
        if (answered[0] != null) MaskOverlay.put(image, answered[0]);
        if (result == null) {
            IJ.showStatus("Masklet: stopped");
            abortMacro();
            return;
        }
        image.setProperty(OBJECT, Integer.toString(objectId));
        image.deleteRoi();
        report(objectId, answered[0], result);
    }

    /** The object a person is most likely to mean. */
    static String lastObject(ImagePlus image) {
        Object last = image.getProperty(OBJECT);
        return last == null ? "1" : last.toString();
    }

    private static void report(int objectId, Mask mask, Frame result) throws Fault {
        int area = mask == null ? 0 : mask.bits.area();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("object", objectId);
        facts.put("area", area);
        facts.put("score", mask == null ? null : mask.score);
        facts.put("seq", result.integer("seq"));
        facts.put("model", result.text("model", null));
        Masklet_Macro.succeeded("prompt.set", facts);
        IJ.showStatus(area == 0 ? "Masklet: nothing found for object " + objectId : String.format("Masklet: object %d, %d pixels, score %.2f", objectId, area, mask.score));
    }
}
