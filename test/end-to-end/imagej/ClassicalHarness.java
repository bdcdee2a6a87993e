import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.MessageDialog;
import ij.plugin.frame.Recorder;
import java.awt.Choice;
import java.awt.EventQueue;
import java.awt.Rectangle;
import java.awt.TextField;
import java.awt.event.ItemEvent;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Uses Masklet Classical 3D... as a person does. Arguments: server address, OUT, and a stack to take one picture of instead. */
public class ClassicalHarness extends Screen {
    private static final String COMMAND = "Masklet Classical 3D...";
    /** The text fields by their place. */
    private static final List<String> TEXTS = Arrays.asList("file", "h", "sigma", "rise", "low", "high", "minVolume", "within", "seeds", "set");
    private static final List<String> CHOICES = Arrays.asList("recipe", "polarity", "rings", "split", "prompts", "output", "show");

    public static void main(String[] arguments) throws Exception {
        use(arguments[1], () -> {
            IJ.runMacro("run('Masklet Connect...', 'server=" + arguments[0] + " timeout=3');");
            if (arguments.length > 2) phantom(arguments[2]);
            else work();
        });
    }

    private static void work() throws Exception {
        new Recorder();
        Recorder.getInstance().setBounds(20, 600, 1060, 190);
        ImagePlus source = squares();
        GenericDialog dialog = open();
        tell("fields", fields(dialog));
        tell("shown", values(dialog));
        preview(dialog, source);
        run(dialog, source);
        escape();
        cancel();
        error();
    }

    private static void preview(GenericDialog dialog, ImagePlus source) throws Exception {
        tick(dialog);
        await("three outlines", () -> outlines(source) == 3 ? true : null);
        tell("status", await("the count", () -> status().contains("3 objects") ? status() : null));
        picture("preview");
        source.setSlice(4);
        await("the other slice", () -> outlines(source) == 2 ? true : null);
        text(dialog, "low", "8");
        await("no outline", () -> outlines(source) == 0 ? true : null);
        tell("warning", await("the warning", () -> status().contains("No object") ? status() : null));
        text(dialog, "low", "many");
        tell("mistake", await("the sentence", () -> status().contains("must be") ? status() : null));
        text(dialog, "set", "split.width=3");
        text(dialog, "low", "3");
        tell("refusal", await("the server's sentence", () -> status().contains("split.width") ? status() : null));
        text(dialog, "set", "");
        await("outlines again", () -> outlines(source) == 2 ? true : null);

        choose(dialog, "show", "threshold");
        ImagePlus step = await("the step's window", () -> WindowManager.getImage("Masklet step: threshold"));
        tell("step", step.getBitDepth() + " " + step.getDisplayRangeMin() + " " + step.getDisplayRangeMax() + " " + step.getProcessor().getStatistics().mean);
        choose(dialog, "show", "split");
        await("the other step", () -> WindowManager.getImage("Masklet step: split"));
        tell("otherStep", (WindowManager.getImage("Masklet step: split") == step) + " " + step.getBitDepth() + " " + WindowManager.getImageCount());
        tell("current", WindowManager.getCurrentImage().getTitle());
        IJ.wait(300);
        picture("step");
        choose(dialog, "recipe", "ffs");
        IJ.wait(400);
        tell("ffs", values(dialog));
        picture("ffs");
        choose(dialog, "recipe", "fds");
        choose(dialog, "show", "result");

        text(dialog, "low", "3.5");
        await("a preview", () -> status().endsWith("preview...") ? true : null);
        text(dialog, "low", "3.6"); // overtakes it
        await("its outlines", () -> status().contains("2 objects") ? true : null);
        untick(dialog);
        await("no outlines", () -> outlines(source) == 0 ? true : null);
        tick(dialog);
        await("the outlines", () -> outlines(source) == 2 ? true : null);
    }

    private static void run(GenericDialog dialog, ImagePlus source) throws Exception {
        choose(dialog, "split", "edt");
        text(dialog, "set", "rings.sigma=5");
        enter(dialog);
        recorded(COMMAND);
        tell("result", result());
        tell("outlinesAfter", outlines(source));
        ImagePlus labels = WindowManager.getImage("squares-labels");
        ImagePlus kept = labels.duplicate();
        picture("result");
        String line = Recorder.getInstance().getText().replaceAll("(?s).*(run\\(\"Masklet Classical[^\\n]*).*", "$1");
        tell("line", line);
        labels.changes = false;
        labels.close();
        IJ.selectWindow("squares.tif");
        IJ.runMacro("run(\"Masklet Undo\");" + line);
        tell("replayEqual", equal(kept, WindowManager.getImage("squares-labels")) && outlines(source) == 0);
        WindowManager.getImage("squares-labels").changes = false;
        WindowManager.getImage("squares-labels").close();
    }

    /** The stack has seen one edit and one replay of it; a run that is stopped makes none. */
    private static void escape() throws Exception {
        String before = result();
        enter(open());
        await("progress", () -> status().contains("denoise") ? true : null);
        tell("progress", status());
        tell("escape", escape(IJ.getInstance(), () -> result().equals(before) ? null : result())[0]);
        IJ.wait(300);
        tell("escapeStatus", status());
        tell("escapeLabels", WindowManager.getImage("squares-labels") == null);
    }

    private static void cancel() throws Exception {
        ImagePlus source = WindowManager.getImage("squares.tif");
        GenericDialog dialog = open();
        tick(dialog);
        await("the outlines", () -> outlines(source) == 2 ? true : null);
        dialog.getButtons()[1].requestFocus();
        IJ.wait(100);
        key(KeyEvent.VK_ESCAPE);
        await("no outlines", () -> outlines(source) == 0 ? true : null);
        tell("cancelled", openDialog() == null);
        IJ.wait(300);
        tell("lines", Recorder.getInstance().getText().split("run\\(\"Masklet Classical", -1).length - 1);
    }

    private static void error() throws Exception {
        IJ.wait(300);
        GenericDialog dialog = open();
        choose(dialog, "recipe", "file");
        text(dialog, "file", "/nowhere/mine.json");
        enter(dialog);
        MessageDialog message = await("the message", Screen::openMessage);
        IJ.wait(200);
        picture("error");
        tell("error", result());
        message.dispose();
    }

    /** The dialog beside its preview on the middle slice, for people who read about it. */
    private static void phantom(String file) throws Exception {
        ImagePlus source = IJ.openImage(file);
        source.show();
        source.setSlice(source.getNSlices() / 2);
        IJ.run(source, "Enhance Contrast", "saturated=0.35");
        enlarge(source, 10, 84, 2);
        GenericDialog dialog = open();
        dialog.setLocation(412, 84);
        tick(dialog);
        await("outlines", () -> outlines(source) > 0 ? true : null);
        choose(dialog, "show", "denoise");
        ImagePlus step = await("the step's window", () -> WindowManager.getImage("Masklet step: denoise"));
        IJ.wait(300);
        step.getWindow().setLocation(10, 518);
        choose(dialog, "show", "result");
        await("the count", () -> status().contains("objects") ? true : null);
        tell("outlines", outlines(source));
        tell("status", status());
        robot.mouseMove(5, 5);
        IJ.wait(500);
        picture("phantom", new Rectangle(0, 0, 1016, 738));
    }

    private static ImagePlus squares() {
        IJ.runMacro("newImage('squares.tif', '16-bit black', 64, 48, 9); setColor(900);"
            + "for (z = 2; z <= 8; z++) { setSlice(z); fillRect(6, 10, 12, 12); fillRect(40, 10, 12, 12); }"
            + "setSlice(5); fillRect(24, 36, 6, 6); setMinAndMax(0, 1000);");
        ImagePlus image = WindowManager.getCurrentImage();
        enlarge(image, 20, 180, 4);
        return image;
    }

    private static GenericDialog open() throws Exception {
        IJ.doCommand(COMMAND);
        GenericDialog dialog = await("the dialog", Screen::openDialog);
        IJ.wait(300);
        dialog.setLocation(300, 100);
        IJ.wait(200);
        return dialog;
    }

    private static void text(GenericDialog dialog, String name, String value) {
        ((TextField) dialog.getStringFields().get(TEXTS.indexOf(name))).setText(value);
    }

    private static void choose(GenericDialog dialog, String name, String item) throws Exception {
        Choice choice = (Choice) dialog.getChoices().get(CHOICES.indexOf(name));
        EventQueue.invokeAndWait(() -> {
            choice.select(item);
            choice.dispatchEvent(new ItemEvent(choice, ItemEvent.ITEM_STATE_CHANGED, item, ItemEvent.SELECTED));
        });
    }

    private static void untick(GenericDialog dialog) throws Exception {
        tick(dialog);
    }

    /** name=value, those that cannot be changed with a !. */
    private static String values(GenericDialog dialog) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            TextField field = (TextField) dialog.getStringFields().get(i);
            values.add(TEXTS.get(i) + "=" + field.getText() + (field.isEnabled() ? "" : "!"));
        }
        for (int i = 1; i < 4; i++) {
            Choice choice = (Choice) dialog.getChoices().get(i);
            values.add(CHOICES.get(i) + "=" + choice.getSelectedItem() + (choice.isEnabled() ? "" : "!"));
        }
        values.add("show " + items((Choice) dialog.getChoices().get(6)));
        return String.join(" ", values);
    }

}
