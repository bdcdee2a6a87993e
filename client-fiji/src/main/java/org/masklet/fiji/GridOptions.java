package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import java.awt.Rectangle;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** The options {@code points}, {@code score} and {@code stability} of automask, and its region: the bounds of an area selection. */
final class GridOptions {
    private static final int MAX_POINTS_PER_SIDE = 256;

    private GridOptions() {}

    /** The defaults are those of Segment Anything's automatic mask generator. */
    static void add(GenericDialog dialog) {
        dialog.addNumericField("points", 32, 0, 6, "per side");
        dialog.addNumericField("score", 0.8, 2, 6, "0 to 1, above");
        dialog.addNumericField("stability", 0.95, 2, 6, "0 to 1, at least");
    }

    static Frame next(GenericDialog dialog) throws Fault {
        double points = dialog.getNextNumber();
        double score = part(dialog.getNextNumber(), "score");
        double stability = part(dialog.getNextNumber(), "stability");
        if (!(points >= 1 && points <= MAX_POINTS_PER_SIDE && points == Math.rint(points))) {
            throw new Fault("options_invalid", "points must be a whole number from 1 to " + MAX_POINTS_PER_SIDE + ".", "");
        }
        return Messages.grid((int) points, score, stability, null, null, null, null);
    }

    private static double part(double value, String name) throws Fault {
        if (value >= 0 && value <= 1) return value;
        throw new Fault("options_invalid", name + " must be from 0 to 1.", "");
    }

    /** {x0, y0, x1, y1} in whole pixels on the image; null for the whole slice, without an area selection. */
    static int[] region(ImagePlus image) throws Fault {
        Roi roi = image.getRoi();
        if (roi == null || !roi.isArea()) return null;
        Rectangle on = roi.getBounds().intersection(new Rectangle(0, 0, image.getWidth(), image.getHeight()));
        if (on.isEmpty()) throw new Fault("prompt_off_image", "The selection lies off the image.", "Draw it around the objects, or remove it to search the whole slice.");
        return new int[] {on.x, on.y, on.x + on.width, on.y + on.height};
    }
}
