package org.masklet.fiji;

import ij.ImagePlus;
import ij.Macro;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import ij.plugin.frame.RoiManager;
import java.awt.TextField;
import org.masklet.wire.Fault;
import org.masklet.wire.Messages;

/** Masklet Prompts From ROI Manager...: the selected entries, or all, as prompts: one edit, which one undo takes back. */
public final class PromptsFromRoisCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Prompts From ROI Manager");
        dialog.addChoice("objects", RoiPrompts.OBJECTS, "each");
        dialog.addStringField("number", "next", 6);
        dialog.addChoice("masks", new String[] {"now", "later"}, "now");
        dialog.addChoice("output", Results.OUTPUTS, "overlay");
        ModelChoice.add(dialog);
        dialog.addMessage("objects: each ROI an object, ROIs of one name an object, or all of them one.\nnumber: the first object's, or next. masks: on the ROIs' slices now, or later when\npropagated. Takes the selected ROIs, or all; what these objects were prompted by goes.");
        if (!ask(dialog)) return;
        RoiManager manager = RoiManager.getInstance2();
        Roi[] rois = manager == null ? new Roi[0] : manager.getSelectedRoisAsArray(); // all, where none is selected
        if (rois.length == 0) throw new Fault("no_selection", "The ROI Manager is empty.", "Add ROIs to it first, with the key T.");
        TextField number = (TextField) dialog.getStringFields().get(0);
        if (Macro.getOptions() == null && ObjectIds.single(number.getText()) == 0) number.setText(Integer.toString(Connection.THE.session(image).nextObject())); // so that the Recorder writes the id itself
        String how = dialog.getNextChoice();
        int first = ObjectIds.single(dialog.getNextString());
        boolean now = dialog.getNextChoice().equals("now");
        String output = dialog.getNextChoice();
        String model = ModelChoice.next(dialog);

        ImageSession session = Connection.THE.session(image);
        if (first == 0) first = session.nextObject();
        PromptList prompts = RoiPrompts.of(image, rois, how, first);
        MaskRun run = new MaskRun(session, image, Messages.promptsPut(session.sessionId, prompts.frames(), now ? Boolean.TRUE : null, model), "prompting " + prompts.ids().size() + " objects", output);
        run.facts.put("prompted", prompts.ids().size());
        image.setProperty(AddPromptCommand.OBJECT, Integer.toString(prompts.ids().get(prompts.ids().size() - 1)));
        run.finish("prompts.put", prompts.ids(), now ? output : "overlay");
    }
}
