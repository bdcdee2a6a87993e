import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.ImageCanvas;
import ij.gui.MessageDialog;
import ij.gui.Overlay;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import java.awt.Choice;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextField;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.File;
import java.io.FileWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;

/**
 * Uses ImageJ as a person does: the menu's commands, their dialogs, the mouse, Enter and Escape. Tells what it saw as
 * lines "key TAB value" in OUT/facts.txt and in pictures; the Node test judges. Arguments: server address, OUT, and
 * "objects" to use also the commands that make and remake objects.
 */
public class WindowHarness {
    private static final long WAIT_MS = 60_000;
    private static Robot robot;
    private static File out;
    private static FileWriter facts;

    public static void main(String[] arguments) throws Exception {
        out = new File(arguments[1]);
        robot = new Robot();
        robot.setAutoDelay(15);
        try (FileWriter writer = new FileWriter(new File(out, "facts.txt"))) {
            facts = writer;
            new ImageJ();
            work(arguments[0]);
            if (arguments.length > 2 && arguments[2].equals("objects")) {
                objects();
                escapeAutomask();
            }
            tell("finished", "yes");
        } catch (Throwable failure) {
            failure.printStackTrace();
            picture("failure");
        } finally {
            System.exit(0);
        }
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
        enlarge(labels, 420, 180);
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

    private static String drawn(ImagePlus image) {
        List<String> rois = new ArrayList<>();
        for (ij.gui.Roi roi : image.getOverlay().toArray()) rois.add(roi.getName() + " " + roi.getBounds() + " " + roi.getStatistics().area);
        java.util.Collections.sort(rois);
        return String.join("|", rois);
    }

    /** A person without a selection reads one sentence in a window. */
    private static void error() throws Exception {
        WindowManager.getCurrentImage().deleteRoi();
        IJ.doCommand("Masklet Add Prompt...");
        GenericDialog dialog = await("the dialog", WindowHarness::openDialog);
        IJ.wait(200);
        dialog.getButtons()[0].requestFocus();
        IJ.wait(100);
        robot.keyPress(KeyEvent.VK_ENTER);
        robot.keyRelease(KeyEvent.VK_ENTER);
        Window message = await("the message", () -> {
            for (Window window : Window.getWindows()) if (window instanceof MessageDialog && window.isShowing()) return window;
            return null;
        });
        IJ.wait(200);
        picture("error");
        tell("error", result());
        message.dispose();
    }

    /** A command is over when its line is there. A person starts the next one later than that. */
    private static void recorded(String command) throws Exception {
        await(command + " in the Recorder", () -> Recorder.getInstance().getText().contains("run(\"" + command) ? true : null);
        IJ.wait(100);
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
        click(IJ.getInstance()); // there is no window manager here to give a window the keyboard
        long pressed = System.nanoTime();
        robot.keyPress(KeyEvent.VK_ESCAPE);
        robot.keyRelease(KeyEvent.VK_ESCAPE);
        tell("escape", await("the end after Escape", () -> result().contains("\"propagate\"") && result().contains("\"cancelled\":true") ? result() : null));
        tell("escapeMs", (System.nanoTime() - pressed) / 1_000_000);
        tell("escapeOutlines", outlines(source));
        picture("escape");
        IJ.wait(100);
        source.setSlice(101);
        IJ.makeRectangle(17, 14, 21, 21);
        dialog("Masklet Add Prompt...", null, texts -> { });
        tell("promptAfterEscape", await("a prompt after Escape", () -> result().contains("\"prompt.set\"") || result().contains("\"ok\":false") ? result() : null));
    }

    /** Forty objects on one slice; the person presses Escape after a few. The next new object comes after those that are kept. */
    private static void escapeAutomask() throws Exception {
        IJ.runMacro("newImage('dots.tif', '16-bit black', 64, 48, 3); setColor(900); setSlice(2);"
            + "for (y = 0; y < 5; y++) for (x = 0; x < 8; x++) fillRect(2 + 8 * x, 2 + 8 * y, 4, 4); setMinAndMax(0, 1000);");
        ImagePlus source = WindowManager.getCurrentImage();
        dialog("Masklet Automask...", null, texts -> { });
        await("the first objects", () -> outlines(source) >= 4 ? true : null);
        click(IJ.getInstance());
        robot.keyPress(KeyEvent.VK_ESCAPE);
        robot.keyRelease(KeyEvent.VK_ESCAPE);
        tell("automaskEscape", await("the end after Escape", () -> result().contains("\"automask\"") && result().contains("\"cancelled\":true") ? result() : null));
        int kept = outlines(source);
        tell("automaskKept", kept);
        IJ.wait(100);
        IJ.selectWindow("dots.tif");
        source.setSlice(2);
        IJ.makeRectangle(57, 33, 6, 6);
        dialog("Masklet Add Prompt...", null, texts -> texts.get(0).setText("next"));
        tell("nextAfterEscape", await("the prompt", () -> result().contains("\"prompt.set\"") || result().contains("\"ok\":false") ? result() : null));
    }

    private static void click(Window window) {
        Point corner = window.getLocationOnScreen();
        robot.mouseMove(corner.x + window.getWidth() / 2, corner.y + window.getHeight() - 8);
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        IJ.wait(150);
    }

    private static int outlines(ImagePlus image) {
        Overlay overlay = image.getOverlay();
        return overlay == null ? 0 : overlay.size();
    }

    private static ImagePlus stack(String title, int planes) {
        IJ.runMacro("newImage('" + title + "', '16-bit black', 64, 48, " + planes + "); setColor(900);"
            + "for (z = 2; z <= nSlices - 1; z++) { setSlice(z); fillOval(16 + z % 9, 16, 17, 17); } setMinAndMax(0, 1000); setSlice(5);");
        ImagePlus image = WindowManager.getCurrentImage();
        enlarge(image, 20, 180);
        return image;
    }

    private static void enlarge(ImagePlus image, int x, int y) {
        image.getWindow().setLocation(x, y);
        image.getCanvas().setMagnification(4);
        image.getCanvas().setSize(4 * image.getWidth(), 4 * image.getHeight());
        image.getWindow().pack();
        IJ.wait(200);
    }

    /** With the mouse, corner to corner in pixels of the image. */
    private static void dragRectangle(ImagePlus image, int x0, int y0, int x1, int y1) throws Exception {
        IJ.setTool("rectangle");
        ImageCanvas canvas = image.getCanvas();
        IJ.wait(400);
        Point origin = canvas.getLocationOnScreen();
        robot.mouseMove(origin.x + canvas.screenX(x0), origin.y + canvas.screenY(y0));
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseMove(origin.x + canvas.screenX(x0 + 4), origin.y + canvas.screenY(y0 + 4));
        robot.mouseMove(origin.x + canvas.screenX(x1), origin.y + canvas.screenY(y1));
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        await("the selection", () -> image.getRoi());
        tell("selection", image.getRoi().getBounds());
    }

    private interface Fill {
        /** The text fields first, then the numbers. */
        void fill(List<TextField> texts);
    }

    /** Opens the command's dialog, fills it, takes its picture and presses Enter. */
    private static void dialog(String command, String picture, Fill fill, String... choice) throws Exception {
        IJ.doCommand(command);
        GenericDialog dialog = await(command + "'s dialog", WindowHarness::openDialog);
        List<TextField> texts = new ArrayList<>();
        if (dialog.getStringFields() != null) for (Object field : dialog.getStringFields()) texts.add((TextField) field);
        if (dialog.getNumericFields() != null) for (Object field : dialog.getNumericFields()) texts.add((TextField) field);
        fill.fill(texts);
        for (String each : choice) for (Object one : dialog.getChoices()) if (has((Choice) one, each)) ((Choice) one).select(each);
        IJ.wait(200);
        if (picture != null) picture(picture);
        tell("fields of " + command, fields(dialog));
        if (dialog.getChoices() != null) tell("last choice of " + command, items((Choice) dialog.getChoices().lastElement()));
        dialog.toFront();
        dialog.getButtons()[0].requestFocus();
        IJ.wait(100);
        robot.keyPress(KeyEvent.VK_ENTER);
        robot.keyRelease(KeyEvent.VK_ENTER);
        await(command + "'s dialog to close", () -> openDialog() == null ? true : null);
    }

    private static boolean has(Choice choice, String item) {
        for (int i = 0; i < choice.getItemCount(); i++) if (choice.getItem(i).equals(item)) return true;
        return false;
    }

    private static String items(Choice choice) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < choice.getItemCount(); i++) items.add(choice.getItem(i));
        return String.join("|", items);
    }

    private static String fields(GenericDialog dialog) {
        List<String> labels = new ArrayList<>();
        for (java.awt.Component each : dialog.getComponents()) if (each instanceof java.awt.Label) labels.add(((java.awt.Label) each).getText().trim());
        return String.join("|", labels);
    }

    private static GenericDialog openDialog() {
        for (Window window : Window.getWindows()) if (window instanceof GenericDialog && window.isShowing()) return (GenericDialog) window;
        return null;
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

    /** The plugin lives in ImageJ's own class loader. */
    private static String result() throws Exception {
        return (String) IJ.getClassLoader().loadClass("org.masklet.fiji.Masklet_Macro").getMethod("lastResult").invoke(null);
    }

    private static boolean equal(ImagePlus a, ImagePlus b) {
        if (a.getStackSize() != b.getStackSize() || a.getBitDepth() != b.getBitDepth()) return false;
        for (int i = 1; i <= a.getStackSize(); i++) {
            if (!java.util.Arrays.equals((short[]) a.getStack().getPixels(i), (short[]) b.getStack().getPixels(i))) return false;
        }
        return true;
    }

    private static <T> T await(String what, Callable<T> look) throws Exception {
        long until = System.nanoTime() + WAIT_MS * 1_000_000;
        while (System.nanoTime() < until) {
            T seen = look.call();
            if (seen != null) return seen;
            Thread.sleep(10);
        }
        throw new IllegalStateException("waited in vain for " + what + "; last result " + result());
    }

    private static void picture(String name) throws Exception {
        Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
        ImageIO.write(robot.createScreenCapture(screen), "png", new File(out, name + ".png"));
    }

    private static void tell(String key, Object value) throws Exception {
        facts.write(key + "\t" + String.valueOf(value).replace("\n", "\\n") + "\n");
        facts.flush();
    }
}
