package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.awt.TextField;
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
        Object last = image.getProperty(OBJECT);
        GenericDialog dialog = new GenericDialog("Masklet Add Prompt");
        dialog.addStringField("object", last == null ? "1" : last.toString(), 6);
        dialog.addChoice("polarity", new String[] {"positive", "negative"}, "positive");
        dialog.addChoice("kind", SelectionPrompt.KINDS, "auto");
        dialog.addChoice("mode", new String[] {"add", "replace"}, "add");
        ModelChoice.add(dialog);
        dialog.addMessage("object: an id, or next for a new one. The prompt is the current selection.");
        if (!ask(dialog)) return;
        TextField objectField = (TextField) dialog.getStringFields().get(0);
        int cutChannel = channel(image);
        int z = image.getZ() - 1;
        int t = image.getT() - 1;
        boolean typed = ij.Macro.getOptions() == null;
        int asked = typed ? ObjectIds.single(objectField.getText()) : -1;
        ImageSession session = null;
        if (asked == 0) {
            session = Connection.THE.session(image);
            objectField.setText(Integer.toString(session.nextObject())); // so that the Recorder writes the id itself
        }
        int objectId = ObjectIds.single(dialog.getNextString());
        boolean positive = dialog.getNextChoice().equals("positive");
        Frame parts = SelectionPrompt.parts(image, dialog.getNextChoice(), positive);
        boolean add = dialog.getNextChoice().equals("add");
        String model = ModelChoice.next(dialog);
        if (session == null) session = Connection.THE.session(image);
        if (objectId == 0) objectId = session.nextObject();
        Mask[] answered = new Mask[1];
        Frame result;
        try {
            result = session.setPrompt(objectId, Messages.cut(z, t, cutChannel), parts, add, false, model, mask -> answered[0] = mask);
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
