package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import org.masklet.wire.Fault;

/** The options {@code first} and {@code last}: planes from 1, included, 0 for an open end. */
final class SliceRange {
    private SliceRange() {}

    static void add(GenericDialog dialog) {
        dialog.addNumericField("first", 0, 0, 6, "0 = from the start");
        dialog.addNumericField("last", 0, 0, 6, "0 = to the end");
    }

    /** 0-based and half-open {start, end}; null for the whole axis. */
    static int[] next(GenericDialog dialog, ImagePlus image, String axis) throws Fault {
        double first = dialog.getNextNumber();
        return of(first, dialog.getNextNumber(), image, axis);
    }

    /** 0-based and half-open {start, end}; null for the whole axis. */
    static int[] of(double first, double last, ImagePlus image, String axis) throws Fault {
        if (first == 0 && last == 0) return null;
        int size = size(image, axis);
        double from = first == 0 ? 1 : first;
        double to = last == 0 ? size : last;
        if (from == Math.rint(from) && to == Math.rint(to) && from >= 1 && to <= size && from <= to) return new int[] {(int) from - 1, (int) to};
        throw new Fault("range_invalid", "first=" + IJ.d2s(first, 0) + " last=" + IJ.d2s(last, 0) + " is no range of the " + size + " planes along " + axis + ".",
            "Both count from 1 and are included; 0 leaves an end open.");
    }

    /** How many planes there are along the axis. */
    static int size(ImagePlus image, String axis) {
        switch (axis) {
            case "t": return image.getNFrames();
            case "y": return image.getHeight();
            case "x": return image.getWidth();
            default: return image.getNSlices();
        }
    }
}
