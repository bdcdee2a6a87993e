package org.masklet.fiji;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.ImageWindow;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.awt.EventQueue;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** The one extra window that shows what a step leaves on a slice. */
final class StepWindow {
    static final String TITLE = "Masklet step: ";
    private static final String OURS = "masklet.step";

    private StepWindow() {}

    /** @param plane the member of that name of a preview's result */
    static void show(Frame plane, ImagePlus source) throws Fault, InterruptedException {
        ImageProcessor pixels = pixels(plane);
        double low = plane.number("low");
        double high = plane.number("high");
        String title = TITLE + plane.text("step");
        try {
            EventQueue.invokeAndWait(() -> show(title, pixels, low, high, source));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the step could not be shown", e.getCause());
        }
    }

    /** 8-bit for masks, 32-bit for everything else; labels in the colours of the objects. */
    static ImageProcessor pixels(Frame plane) throws Fault {
        int width = plane.integer("width");
        int height = plane.integer("height");
        byte[] data = plane.binary("data");
        boolean bytes = plane.text("dtype").equals("uint8");
        if (width < 1 || height < 1 || data.length != (long) width * height * (bytes ? 1 : 4)) {
            throw new Fault("frame_invalid", "The server sent a plane of another size than it says.", "Check that client and server have the same version.");
        }
        if (bytes) return new ByteProcessor(width, height, data);
        float[] values = new float[width * height];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        FloatProcessor made = new FloatProcessor(width, height, values);
        if (plane.text("kind").equals("labels")) made.setLut(ObjectColors.lut());
        return made;
    }

    private static void show(String title, ImageProcessor pixels, double low, double high, ImagePlus source) {
        ImagePlus shown = open();
        if (shown == null) {
            shown = new ImagePlus(title, pixels);
            shown.setProperty(OURS, "yes");
            shown.setDisplayRange(low, high);
            shown.show();
            ImageWindow from = source.getWindow();
            if (from != null) shown.getWindow().setLocation(from.getX() + from.getWidth() + 8, from.getY());
        } else {
            shown.setProcessor(title, pixels);
            shown.setDisplayRange(low, high);
            shown.updateAndDraw();
        }
        shown.changes = false;
        if (source.getWindow() != null) WindowManager.setCurrentWindow(source.getWindow()); // what the person works on stays the current image
    }

    private static ImagePlus open() {
        int[] ids = WindowManager.getIDList();
        if (ids == null) return null;
        for (int id : ids) {
            ImagePlus image = WindowManager.getImage(id);
            if (image != null && image.getProperty(OURS) != null) return image;
        }
        return null;
    }
}
