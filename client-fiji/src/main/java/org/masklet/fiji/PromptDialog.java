package org.masklet.fiji;

import ij.ImagePlus;
import ij.Macro;
import ij.gui.GenericDialog;
import ij.gui.NonBlockingGenericDialog;
import ij.plugin.frame.Recorder;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.TextField;
import org.masklet.wire.Fault;

/**
 * The fields of Masklet Add Prompt.... A person's dialog leaves the image free, so that selections can be tried with
 * {@code preview}; that box is read past GenericDialog, so that no macro line has it.
 */
final class PromptDialog {
    private static final String COMMAND = "Masklet Add Prompt...";

    private final ImagePlus image;
    private final GenericDialog dialog;
    private final boolean asks = Macro.getOptions() == null && !Command.isQuiet();
    private final TextField object;
    private final Choice polarity, kind, mode, model;
    private final Checkbox preview;

    PromptDialog(ImagePlus image) throws Fault, InterruptedException {
        this.image = image;
        dialog = asks ? new NonBlockingGenericDialog("Masklet Add Prompt") : new GenericDialog("Masklet Add Prompt");
        dialog.addStringField("object", AddPromptCommand.lastObject(image), 6);
        object = (TextField) dialog.getStringFields().get(0);
        polarity = choice("polarity", "positive", "negative");
        kind = choice("kind", SelectionPrompt.KINDS);
        mode = choice("mode", "add", "replace");
        ModelChoice.add(dialog);
        model = (Choice) dialog.getChoices().lastElement();
        dialog.addCheckbox("preview", false);
        preview = (Checkbox) dialog.getCheckboxes().lastElement();
        dialog.addMessage("object: an id, or next for a new one. The prompt is the current selection,\nwhich may still be changed: preview outlines what it gives.");
    }

    private Choice choice(String name, String... items) {
        dialog.addChoice(name, items, items[0]);
        return (Choice) dialog.getChoices().lastElement();
    }

    /** What the fields say; null when the person cancelled. An object of {@code next} is settled here, so that the Recorder writes its id. */
    SelectionPreview.Wish ask() throws Fault, InterruptedException {
        SelectionPreview looks = new SelectionPreview(() -> preview.getState() ? wish() : null);
        if (asks) looks.start();
        try {
            if (!Command.ask(dialog)) {
                if (Recorder.record) Recorder.setCommand(null); // what was not done is not recorded
                return null;
            }
        } finally {
            looks.close();
        }
        if (asks && Recorder.record) Recorder.setCommand(COMMAND); // another may have run while this dialog was open
        if (asks && ObjectIds.single(object.getText()) == 0) object.setText(Integer.toString(Connection.THE.session(image).nextObject()));
        int objectId = ObjectIds.single(dialog.getNextString());
        boolean positive = dialog.getNextChoice().equals("positive");
        String named = dialog.getNextChoice();
        boolean add = dialog.getNextChoice().equals("add");
        return new SelectionPreview.Wish(image, objectId, positive, named, add, ModelChoice.next(dialog));
    }

    /** As the fields stand; null while they say nothing. */
    private SelectionPreview.Wish wish() {
        try {
            boolean positive = polarity.getSelectedItem().equals("positive");
            return new SelectionPreview.Wish(image, ObjectIds.single(object.getText()), positive, kind.getSelectedItem(), mode.getSelectedItem().equals("add"),
                ModelChoice.named(model.getSelectedItem()));
        } catch (Fault unfinished) {
            return null;
        }
    }
}
