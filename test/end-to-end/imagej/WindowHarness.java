import ij.IJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.MessageDialog;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Uses ImageJ as a person does: the menu's commands, their dialogs, the mouse, Enter and Escape. Tells what it saw as
 * lines "key TAB value" in OUT/facts.txt and in pictures; the Node test judges. Arguments: server address, OUT, and
 * "objects" to use also the commands that make and remake objects.
 */
public class WindowHarness extends Screen {
    public static void main(String[] arguments) throws Exception {
        use(arguments[1], () -> {
            work(arguments[0]);
            if (arguments.length > 2 && arguments[2].equals("objects")) {
                objects();
                escapeAutomask();
            }
        });
    }

    private static void work(String server) throws Exception {
        tell("menu", menuOf("Masklet"));
        new Recorder();
        Recorder.getInstance().setBounds(20, 560, 1060, 220);
        ImagePlus source = stack("stack.tif", 9);
        dragRectangle(source, 17, 14, 38, 35);

        dialog("Masklet Connect...", "connect-dialog", texts -> texts.get(0).setText(server));
        recorded("Masklet Connect...");
        dialog("Masklet Add Prompt...", "prompt-dialog", texts -> { });
        recorded("Masklet Add Prompt...");
        tell("prompt", result());
        tell("previewOutlines", source.getOverlay() == null ? 0 : source.getOverlay().size());
        picture("preview");
        dialog("Masklet Propagate...", "propagate-dialog", texts -> { }, "all");
        recorded("Masklet Propagate...");
        ImagePlus labels = WindowManager.getImage("stack-labels");
        tell("propagate", result());
        tell("outlines", source.getOverlay().size());
        tell("rois", RoiManager.getInstance().getCount());
        RoiManager.getInstance().setLocation(860, 180);
        enlarge(labels, 420, 180, 4);
        source.setSlice(4);
        IJ.wait(400);
        picture("result");
        String recorded = Recorder.getInstance().getText();
        tell("recorded", recorded);

        close(labels);
        close(source);
        ImagePlus again = stack("stack.tif", 9);
        IJ.runMacro(recorded.replaceAll("(?m)^//.*$", ""));
        ImagePlus replayed = WindowManager.getImage("stack-labels");
        tell("replayEqual", Objects.requireNonNull(replayed) != labels && equal(kept, replayed));
        close(replayed);
        close(again);

        escape();
        error();
    }

    /** Every particle, a slice of new ones, a split and a union, as dialogs record them, and the same again from the Recorder's text. */
    private static void objects() throws Exception {
        ImagePlus source = squares();
        int from = Recorder.getInstance().getText().length();
        dialog("Masklet Segment Every Particle...", "every-particle-dialog", texts -> texts.get(0).setText("4"), "all");
        recorded("Masklet Segment Every Particle...");
        tell("everyParticle", result());
        ImagePlus labels = WindowManager.getImage("squares-labels");
        IJ.selectWindow("squares.tif");
        dialog("Masklet Split...", "split-dialog", texts -> texts.get(1).setText("8.5,12.5,5;16.5,12.5,5"));
        recorded("Masklet Split...");
        tell("split", result());
        dialog("Masklet Combine...", "combine-dialog", texts -> texts.get(0).setText("2,3"), "union");
        recorded("Masklet Combine...");
        tell("union", result());
        dialog("Masklet Combine...", null, texts -> { });
        await("the table", () -> WindowManager.getWindow("Masklet Disagreement"));
        picture("disagreement");
        recorded("Masklet Combine...\", \"how=directions");
        IJ.selectWindow("squares.tif");
        dialog("Masklet Automask...", "automask-dialog", texts -> texts.get(0).setText("8"));
        recorded("Masklet Automask...");
        tell("automask", result());
        picture("objects");
        String before = drawn(source);
        tell("objectsDrawn", before);
        String recorded = Recorder.getInstance().getText().substring(from);
        tell("objectsRecorded", recorded);
        ImagePlus first = labels.duplicate();
        close(labels);
        close(source);
        ImagePlus again = squares();
        IJ.runMacro(recorded.replaceAll("(?m)^//.*$", ""));
        ImagePlus replayed = WindowManager.getImage("squares-labels");
        tell("objectsEqual", before.equals(drawn(again)) && equal(first, Objects.requireNonNull(replayed)));
        close(replayed);
        close(again);
    }

    private static ImagePlus squares() {
        IJ.runMacro("newImage('squares.tif', '16-bit black', 64, 48, 9); setColor(900);"
            + "for (z = 2; z <= 8; z++) { setSlice(z); fillRect(6, 10, 12, 12); fillRect(40, 10, 12, 12); }"
            + "setSlice(5); fillRect(24, 36, 6, 6); setMinAndMax(0, 1000);");
        return WindowManager.getCurrentImage();
    }

    /** A person without a selection reads one sentence in a window. */
    private static void error() throws Exception {
        idle();
        WindowManager.getCurrentImage().deleteRoi();
        IJ.doCommand("Masklet Add Prompt...");
        GenericDialog dialog = await("the dialog", Screen::openDialog);
        IJ.wait(200);
        dialog.getButtons()[0].requestFocus();
        IJ.wait(100);
        robot.keyPress(KeyEvent.VK_ENTER);
        robot.keyRelease(KeyEvent.VK_ENTER);
        MessageDialog message = await("the message", Screen::openMessage);
        IJ.wait(200);
        picture("error");
        tell("error", result());
        message.dispose();
        idle();
    }

    private static ImagePlus kept;

    private static void close(ImagePlus image) {
        if (image.getTitle().endsWith("-labels") && kept == null) kept = image.duplicate();
        image.changes = false;
        image.close();
    }

    /** A long stack, so that many planes are left when Escape comes. */
    private static void escape() throws Exception {
        ImagePlus source = stack("long.tif", 200);
        source.setSlice(100);
        IJ.makeRectangle(17, 14, 21, 21);
        dialog("Masklet Add Prompt...", null, texts -> { });
        await("the mask", () -> source.getOverlay());
        dialog("Masklet Propagate...", null, texts -> { }, "overlay");
        await("the first outlines", () -> outlines(source) >= 4 ? true : null);
        String[] over = escape(IJ.getInstance(), () -> result().contains("\"propagate\"") ? result() : null);
        tell("escape", over[0]);
        tell("escapeMs", over[1]);
        tell("escapeOutlines", outlines(source));
        picture("escape");
        IJ.wait(100);
        source.setSlice(101);
        IJ.makeRectangle(17, 14, 21, 21);
        dialog("Masklet Add Prompt...", null, texts -> { });
        tell("promptAfterEscape", await("a prompt after Escape", () -> result().contains("\"prompt.set\"") || result().contains("\"ok\":false") ? result() : null));
    }

    /** Many objects on one slice; the person, last in the Recorder, presses Escape after a few. ImageJ itself does not listen there. The next new object comes after those that are kept. */
    private static void escapeAutomask() throws Exception {
        IJ.runMacro("newImage('dots.tif', '16-bit black', 64, 48, 3); setColor(900); setSlice(2);"
            + "for (y = 0; y < 10; y++) for (x = 0; x < 16; x++) fillRect(1 + 4 * x, 1 + 4 * y, 2, 2); setMinAndMax(0, 1000);");
        ImagePlus source = WindowManager.getCurrentImage();
        String before = result();
        dialog("Masklet Automask...", null, texts -> { });
        await("the first objects", () -> outlines(source) >= 4 ? true : null);
        tell("automaskEscape", escape(Recorder.getInstance(), () -> result().equals(before) ? null : result())[0]);
        int kept = outlines(source);
        tell("automaskKept", kept);
        IJ.wait(100);
        IJ.selectWindow("dots.tif");
        source.setSlice(2);
        IJ.makeRectangle(52, 36, 8, 4);
        dialog("Masklet Add Prompt...", null, texts -> texts.get(0).setText("next"));
        tell("nextAfterEscape", await("the prompt", () -> result().contains("\"prompt.set\"") || result().contains("\"ok\":false") ? result() : null));
    }

    private static ImagePlus stack(String title, int planes) {
        IJ.runMacro("newImage('" + title + "', '16-bit black', 64, 48, " + planes + "); setColor(900);"
            + "for (z = 2; z <= nSlices - 1; z++) { setSlice(z); fillOval(16 + z % 9, 16, 17, 17); } setMinAndMax(0, 1000); setSlice(5);");
        ImagePlus image = WindowManager.getCurrentImage();
        enlarge(image, 20, 180, 4);
        return image;
    }

    private static String menuOf(String name) {
        java.awt.MenuBar bar = Menus.getMenuBar();
        for (int i = 0; i < bar.getMenuCount(); i++) {
            if (!bar.getMenu(i).getLabel().equals("Plugins")) continue;
            for (int j = 0; j < bar.getMenu(i).getItemCount(); j++) {
                if (!bar.getMenu(i).getItem(j).getLabel().equals(name)) continue;
                java.awt.Menu menu = (java.awt.Menu) bar.getMenu(i).getItem(j);
                List<String> labels = new ArrayList<>();
                for (int k = 0; k < menu.getItemCount(); k++) labels.add(menu.getItem(k).getLabel());
                return String.join("|", labels);
            }
        }
        return "";
    }
}
