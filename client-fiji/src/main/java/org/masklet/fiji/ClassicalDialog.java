package org.masklet.fiji;

import ij.Macro;
import ij.gui.DialogListener;
import ij.gui.GenericDialog;
import ij.gui.NonBlockingGenericDialog;
import ij.plugin.frame.Recorder;
import java.awt.AWTEvent;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.TextField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.function.Consumer;
import org.masklet.wire.Fault;

/**
 * The fields of Masklet Classical 3D.... A person's dialog shows the chosen recipe's own values and leaves the stack free to
 * be scrolled. {@code preview} and {@code show} are read past GenericDialog, so that no macro line has them.
 */
final class ClassicalDialog implements DialogListener {
    static final String COMMAND = "Masklet Classical 3D...";
    private static final String DEFAULT = "fds";
    /** In columns: ImageJ puts nothing beside a wider one. */
    private static final int NARROW = 8;

    private final Recipes recipes;
    private final GenericDialog dialog;
    private final Consumer<Map<String, String>> looks;
    /** By name, in the order in which they are read: ImageJ wants h recorded before high, and set after all. */
    private final Map<String, Choice> choices = new LinkedHashMap<>();
    private final Map<String, TextField> texts = new LinkedHashMap<>();
    private final Choice show;
    private final Checkbox preview;
    private volatile Map<String, String> told;

    /** @param looks is told the fields at each change while the box is ticked, and null while it is not; on the AWT thread */
    ClassicalDialog(Recipes recipes, Consumer<Map<String, String>> looks) {
        this.recipes = recipes;
        this.looks = looks;
        boolean asks = Macro.getOptions() == null && !Command.isQuiet();
        dialog = asks ? new NonBlockingGenericDialog("Masklet Classical 3D") : new GenericDialog("Masklet Classical 3D");
        List<String> names = recipes.names();
        names.add(ClassicalOptions.FILE);
        choice("recipe", names, names.contains(DEFAULT) ? DEFAULT : names.get(0));
        dialog.addFileField("file", "", 24);
        texts.put("file", last(dialog.getStringFields(), TextField.class));
        knob("polarity");
        beside("rings");
        knob("split");
        beside("h");
        knob("sigma");
        beside("rise");
        knob("low");
        beside("high");
        knob("minVolume");
        SliceRange.add(dialog);
        text("within", NARROW);
        dialog.addToSameRow();
        text("seeds", NARROW);
        text("set", 32);
        choice("prompts", Arrays.asList("box", "mask", "none"), "box");
        dialog.addToSameRow();
        choice("output", Arrays.asList(Results.OUTPUTS), "labels");
        dialog.addCheckbox("preview", false);
        preview = last(dialog.getCheckboxes(), Checkbox.class);
        dialog.addToSameRow();
        dialog.addChoice("show", new String[] {ClassicalOptions.RESULT}, ClassicalOptions.RESULT);
        show = last(dialog.getChoices(), Choice.class);
        dialog.addMessage("Works on the current frame and channel, inside the selection's bounds if there is one.\n"
            + "An empty field: as the recipe has it. within: masklets to split; seeds: masklets to\n"
            + "grow (ids such as 1,3,7-9). set: step.parameter=value, for what has no field here.");
        dialog.addDialogListener(this);
        if (asks) follow();
    }

    private void choice(String name, List<String> items, String item) {
        dialog.addChoice(name, items.toArray(new String[0]), item);
        choices.put(name, last(dialog.getChoices(), Choice.class));
    }

    private void text(String name, int columns) {
        dialog.addStringField(name, "", columns);
        texts.put(name, last(dialog.getStringFields(), TextField.class));
    }

    private void knob(String name) {
        if (Knobs.CHOICES.contains(name)) choice(name, Collections.singletonList(Knobs.RECIPE), Knobs.RECIPE);
        else text(name, NARROW);
    }

    private void beside(String name) {
        dialog.addToSameRow();
        knob(name);
    }

    private static <T> T last(Vector<?> fields, Class<T> kind) {
        return kind.cast(fields.lastElement());
    }

    /** @return the fields by name; null when the person cancelled */
    Map<String, String> ask() {
        if (!Command.ask(dialog)) return null;
        if (told == null) told = read();
        return told;
    }

    /** ImageJ calls it without an event when the dialog is done, and records what is read then. */
    @Override
    public boolean dialogItemChanged(GenericDialog gone, AWTEvent event) {
        if (event == null) {
            if (Recorder.record && Macro.getOptions() == null) Recorder.setCommand(COMMAND); // another may have run while this dialog was open
            told = read();
            return true;
        }
        if (event.getSource() == choices.get("recipe") || event.getSource() == texts.get("file")) follow();
        looks.accept(preview.getState() ? read() : null);
        return true;
    }

    private Map<String, String> read() {
        Map<String, String> read = new LinkedHashMap<>();
        for (String name : choices.keySet()) if (!name.equals("prompts") && !name.equals("output")) read.put(name, dialog.getNextChoice());
        for (String name : texts.keySet()) if (!name.equals("set")) read.put(name, dialog.getNextString());
        read.put("first", Double.toString(dialog.getNextNumber()));
        read.put("last", Double.toString(dialog.getNextNumber()));
        read.put("prompts", dialog.getNextChoice());
        read.put("output", dialog.getNextChoice());
        read.put("set", dialog.getNextString());
        read.put("show", show.getSelectedItem());
        return read;
    }

    /** Fills the fields with what the chosen recipe has. */
    private void follow() {
        List<Recipes.Step> steps = steps();
        for (String knob : Knobs.CHOICES) {
            Choice field = choices.get(knob);
            refill(field, Knobs.items(knob, steps), Knobs.shown(knob, steps));
            field.setEnabled(field.getItemCount() > 1);
        }
        for (String knob : Knobs.TEXTS) {
            TextField field = texts.get(knob);
            field.setText(Knobs.shown(knob, steps));
            field.setEnabled(!Knobs.targets(knob, steps).isEmpty());
        }
        List<String> looks = new ArrayList<>();
        looks.add(ClassicalOptions.RESULT);
        for (Recipes.Step step : steps) looks.add(step.id);
        refill(show, looks, show.getSelectedItem());
        texts.get("file").setEnabled(choices.get("recipe").getSelectedItem().equals(ClassicalOptions.FILE));
        dialog.validate();
    }

    private static void refill(Choice field, List<String> items, String item) {
        field.removeAll();
        for (String each : items) field.add(each);
        field.select(items.contains(item) ? item : items.get(0));
    }

    /** None while a file is only being named. */
    private List<Recipes.Step> steps() {
        Map<String, String> named = new LinkedHashMap<>();
        named.put("recipe", choices.get("recipe").getSelectedItem());
        named.put("file", texts.get("file").getText());
        try {
            String file = ClassicalOptions.fileOf(named);
            return file == null ? recipes.steps(named.get("recipe")) : recipes.steps(Recipes.read(file));
        } catch (Fault unfinished) {
            return Collections.emptyList();
        }
    }
}
