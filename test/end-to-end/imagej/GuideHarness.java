import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.plugin.frame.RoiManager;
import ij.text.TextWindow;
import java.awt.Frame;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.event.InputEvent;

/** Goes through docs/guide.md as its reader does, and takes its pictures. Arguments: server address, OUT, a stack, and slice,x0,y0,x1,y1 of a particle. */
public class GuideHarness extends Screen {
    private static final Rectangle PART = new Rectangle(0, 0, 930, 530);

    public static void main(String[] arguments) throws Exception {
        use(arguments[1], () -> {
            String[] numbers = arguments[3].split(",");
            int[] box = new int[numbers.length];
            for (int i = 0; i < box.length; i++) box[i] = Integer.parseInt(numbers[i]);
            work(arguments[0], arguments[2], box);
        });
    }

    private static void work(String server, String file, int[] box) throws Exception {
        IJ.getInstance().setLocation(0, 0);
        ImagePlus source = IJ.openImage(file);
        source.show();
        IJ.run(source, "Enhance Contrast", "saturated=0.35");
        enlarge(source, 0, 90, 2);
        source.setSlice(box[0]);
        dragRectangle(source, box);
        dialog("Masklet Connect...", null, texts -> texts.get(0).setText(server));
        await("the connection", () -> result().contains("\"connect\"") ? true : null);
        IJ.wait(200);

        dialogAt("Masklet Add Prompt...", "box");
        await("the mask", () -> outlines(source) > 0 ? true : null);
        tell("prompt", await("the answer", () -> result().contains("prompt.set") ? result() : null));
        source.deleteRoi();
        settle();
        picture("mask", new Rectangle(0, 0, 610, 530));

        dialogAt("Masklet Propagate...", "propagate");
        tell("propagate", await("the run", () -> result().contains("\"propagate\"") ? result() : null));
        ImagePlus labels = await("the label image", () -> WindowManager.getImage(source.getShortTitle() + "-labels"));
        RoiManager.getInstance().setLocation(620, 90);
        labels.getWindow().setLocation(400, 90);
        for (Frame each : WindowManager.getNonImageWindows()) if (each instanceof TextWindow) each.setBounds(400, 350, 520, 170);
        labels.setSlice(box[0] + 2);
        source.setSlice(box[0] + 2);
        settle();
        tell("outlines", outlines(source));
        tell("rois", RoiManager.getInstance().getCount());
        picture("result", PART);
    }

    /** The command's dialog beside the image, with its picture. */
    private static void dialogAt(String command, String picture) throws Exception {
        dialog(command, null, texts -> {
            openDialog().setLocation(400, 90);
            robot.mouseMove(920, 520);
            settle();
            try {
                picture(picture, PART);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }, "all");
    }

    private static void settle() {
        IJ.wait(500);
    }

    /** With the mouse, corner to corner. */
    private static void dragRectangle(ImagePlus image, int[] box) throws Exception {
        IJ.setTool("rectangle");
        IJ.wait(400);
        Point origin = image.getCanvas().getLocationOnScreen();
        robot.mouseMove(origin.x + image.getCanvas().screenX(box[1]), origin.y + image.getCanvas().screenY(box[2]));
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseMove(origin.x + image.getCanvas().screenX(box[1] + 5), origin.y + image.getCanvas().screenY(box[2] + 5));
        robot.mouseMove(origin.x + image.getCanvas().screenX(box[3]), origin.y + image.getCanvas().screenY(box[4]));
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        tell("selection", await("the selection", () -> image.getRoi()).getBounds());
    }
}
