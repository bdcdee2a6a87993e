import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.ImageCanvas;
import ij.gui.MessageDialog;
import ij.gui.Overlay;
import ij.plugin.frame.Recorder;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Component;
import java.awt.Container;
import java.awt.Label;
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
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;

/** What a person sees of ImageJ and does with it, told as lines "key TAB value" in facts.txt and in pictures. */
class Screen {
    private static final long WAIT_MS = 60_000;
    static Robot robot;
    private static File out;
    private static FileWriter facts;

    interface Act {
        void act() throws Exception;
    }

    /** Starts ImageJ, acts, and ends Java: a window that stays open would keep it. */
    static void use(String folder, Act act) throws Exception {
        out = new File(folder);
        robot = new Robot();
        robot.setAutoDelay(15);
        try (FileWriter writer = new FileWriter(new File(out, "facts.txt"))) {
            facts = writer;
            new ImageJ();
            act.act();
            tell("finished", "yes");
        } catch (Throwable failure) {
            failure.printStackTrace();
            picture("failure");
        } finally {
            System.exit(0);
        }
    }

    /** Waits for the command's line, and for its end. */
    static void recorded(String command) throws Exception {
        await(command + " in the Recorder", () -> Recorder.getInstance().getText().contains("run(\"" + command) ? true : null);
        idle();
        IJ.wait(100);
    }

    /**
     * Until no command of ours runs: ImageJ gives each a thread of its name. A person starts the next one later than that. What ends
     * after the next has begun writes the next one's line into the Recorder: there is one name for all.
     */
    static void idle() throws Exception {
        await("the last command to end", () -> Thread.getAllStackTraces().keySet().stream().noneMatch(one -> one.getName().startsWith("Masklet ")) ? true : null);
    }

    /**
     * Gives the window the keyboard. Where no window manager hands it on, a dialog that closes leaves it to nobody, and keys
     * go nowhere. A click may miss: on a busy machine Java was seen to believe that ImageJ's window is at 0, 0, where it is not.
     */
    static void focus(Window window) throws Exception {
        await(window + " to have the keyboard", () -> {
            Point corner = window.getLocationOnScreen();
            robot.mouseMove(corner.x + window.getWidth() / 2, corner.y + window.getHeight() - 8);
            robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
            robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
            for (int turn = 0; turn < 50 && !window.isFocused(); turn++) Thread.sleep(10);
            if (!window.isFocused()) {
                window.setLocation(corner.x + 1, corner.y); // now it is where Java believes it to be
                window.requestFocus();
            }
            return window.isFocused() ? true : null;
        });
    }

    /**
     * Presses Escape in the window, as a person does: again after a second in which nothing happened.
     *
     * @param over the last result, once it is that of the command that was stopped; null before
     * @return it, and the milliseconds since the press that was heard
     */
    static String[] escape(Window window, Callable<String> over) throws Exception {
        for (int presses = 0; presses < WAIT_MS / 1000; presses++) {
            focus(window);
            long pressed = System.nanoTime();
            robot.keyPress(KeyEvent.VK_ESCAPE);
            robot.keyRelease(KeyEvent.VK_ESCAPE);
            while (System.nanoTime() - pressed < 1_000_000_000) {
                String result = over.call();
                if (result != null) return new String[] {result, Long.toString((System.nanoTime() - pressed) / 1_000_000)};
                Thread.sleep(10);
            }
        }
        throw new IllegalStateException("Escape was not heard; last result " + result());
    }

    static int outlines(ImagePlus image) {
        Overlay overlay = image.getOverlay();
        return overlay == null ? 0 : overlay.size();
    }

    static void enlarge(ImagePlus image, int x, int y, int times) {
        image.getWindow().setLocation(x, y);
        image.getCanvas().setMagnification(times);
        image.getCanvas().setSize(times * image.getWidth(), times * image.getHeight());
        image.getWindow().pack();
        IJ.wait(200);
    }

    interface Fill {
        /** The text fields first, then the numbers. */
        void fill(List<TextField> texts);
    }

    /** Opens the command's dialog, fills it, takes its picture and presses Enter. */
    static void dialog(String command, String picture, Fill fill, String... choice) throws Exception {
        idle();
        IJ.doCommand(command);
        GenericDialog dialog = await(command + "'s dialog", Screen::openDialog);
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

    static boolean has(Choice choice, String item) {
        for (int i = 0; i < choice.getItemCount(); i++) if (choice.getItem(i).equals(item)) return true;
        return false;
    }

    static String items(Choice choice) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < choice.getItemCount(); i++) items.add(choice.getItem(i));
        return String.join("|", items);
    }

    static String fields(GenericDialog dialog) {
        List<String> labels = new ArrayList<>();
        for (java.awt.Component each : dialog.getComponents()) if (each instanceof java.awt.Label) labels.add(((java.awt.Label) each).getText().trim());
        return String.join("|", labels);
    }

    static GenericDialog openDialog() {
        for (Window window : Window.getWindows()) if (window instanceof GenericDialog && window.isShowing()) return (GenericDialog) window;
        return null;
    }

    /** The plugin lives in ImageJ's own class loader. */
    static String result() throws Exception {
        return (String) IJ.getClassLoader().loadClass("org.masklet.fiji.Masklet_Macro").getMethod("lastResult").invoke(null);
    }

    static void enter(GenericDialog dialog) throws Exception {
        dialog.toFront();
        dialog.getButtons()[0].requestFocus();
        IJ.wait(100);
        key(KeyEvent.VK_ENTER);
        await("the dialog to close", () -> openDialog() == null ? true : null);
    }

    static void key(int code) {
        robot.keyPress(code);
        robot.keyRelease(code);
    }

    static void tick(GenericDialog dialog) throws Exception {
        Checkbox box = (Checkbox) dialog.getCheckboxes().get(0);
        boolean before = box.getState();
        Point corner = box.getLocationOnScreen();
        robot.mouseMove(corner.x + 8, corner.y + box.getHeight() / 2);
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        await("the tick", () -> box.getState() != before ? true : null);
    }

    /** The sentence in ImageJ's status bar. */
    static String status() {
        return text(IJ.getInstance().getStatusBar());
    }

    static String text(Container parent) {
        for (Component each : parent.getComponents()) {
            if (each instanceof Label) return ((Label) each).getText();
            if (each instanceof javax.swing.JLabel) return ((javax.swing.JLabel) each).getText();
            if (each instanceof Container && !text((Container) each).isEmpty()) return text((Container) each);
        }
        return "";
    }

    static String drawn(ImagePlus image) {
        List<String> rois = new ArrayList<>();
        for (ij.gui.Roi roi : image.getOverlay().toArray()) rois.add(roi.getName() + " " + roi.getBounds() + " " + roi.getStatistics().area);
        java.util.Collections.sort(rois);
        return String.join("|", rois);
    }

    /** With the mouse, corner to corner in pixels of the image. */
    static void dragRectangle(ImagePlus image, int x0, int y0, int x1, int y1) throws Exception {
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

    static MessageDialog openMessage() {
        for (Window window : Window.getWindows()) if (window instanceof MessageDialog && window.isShowing()) return (MessageDialog) window;
        return null;
    }

    static boolean equal(ImagePlus a, ImagePlus b) {
        if (a.getStackSize() != b.getStackSize() || a.getBitDepth() != b.getBitDepth()) return false;
        for (int i = 1; i <= a.getStackSize(); i++) {
            if (!java.util.Arrays.equals((short[]) a.getStack().getPixels(i), (short[]) b.getStack().getPixels(i))) return false;
        }
        return true;
    }

    static <T> T await(String what, Callable<T> look) throws Exception {
        long until = System.nanoTime() + WAIT_MS * 1_000_000;
        while (System.nanoTime() < until) {
            T seen = look.call();
            if (seen != null) return seen;
            Thread.sleep(10);
        }
        throw new IllegalStateException("waited in vain for " + what + "; last result " + result());
    }

    static void picture(String name) throws Exception {
        picture(name, new Rectangle(Toolkit.getDefaultToolkit().getScreenSize()));
    }

    static void picture(String name, Rectangle part) throws Exception {
        ImageIO.write(robot.createScreenCapture(part), "png", new File(out, name + ".png"));
    }

    static void tell(String key, Object value) throws Exception {
        facts.write(key + "\t" + String.valueOf(value).replace("\n", "\\n") + "\n");
        facts.flush();
    }
}
