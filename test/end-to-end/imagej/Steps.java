import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.plugin.frame.RoiManager;
import java.awt.event.KeyEvent;
import java.io.File;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * Runs macros one after the other in one ImageJ with windows, as a person goes on after a failure. OUT/0.ijm, OUT/1.ijm ...
 * are the steps; of each it tells the lines it added to the Log, the last result, and its seconds. Argument: OUT.
 */
public class Steps extends Screen {
    public static void main(String[] arguments) throws Exception {
        use(arguments[0], () -> {
            File step = new File(arguments[0], "0.ijm");
            for (int n = 0; step.exists(); n++, step = new File(arguments[0], n + ".ijm")) {
                int before = log().length();
                long begun = System.nanoTime();
                IJ.runMacro(new String(Files.readAllBytes(step.toPath()), StandardCharsets.UTF_8));
                tell("seconds." + n, (System.nanoTime() - begun) / 1e9);
                tell("log." + n, log().substring(before));
                tell("result." + n, result());
            }
        });
    }

    private static String log() {
        String text = IJ.getLog();
        return text == null ? "" : text;
    }

    /**
     * For macros: once the image has so many outlines, somebody acts beside the command that is running.
     *
     * @param acts separated by ", ": close, edit, close rois, escape, or an address to ask
     */
    public static void when(String title, String outlines, String acts) {
        ImagePlus image = WindowManager.getImage(title);
        new Thread(() -> {
            try {
                await(outlines + " outlines", () -> outlines(image) >= Integer.parseInt(outlines) ? true : null);
                for (String act : acts.split(", ")) act(image, act);
            } catch (Exception failure) {
                failure.printStackTrace();
            }
        }).start();
    }

    private static void act(ImagePlus image, String act) throws Exception {
        if (act.startsWith("http")) {
            new URL(act).openStream().close();
            return;
        }
        switch (act) {
            case "close":
                image.changes = false;
                image.close();
                break;
            case "edit":
                image.getStack().getProcessor(image.getCurrentSlice()).set(0, 0, 77);
                image.updateAndDraw();
                break;
            case "close rois":
                RoiManager.getInstance().close();
                break;
            case "escape":
                IJ.setKeyDown(KeyEvent.VK_ESCAPE);
                break;
            default:
                throw new IllegalArgumentException(act);
        }
    }
}
