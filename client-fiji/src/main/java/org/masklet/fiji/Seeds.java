package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import java.util.ArrayList;
import java.util.List;
import org.masklet.wire.Fault;

/** Seeds as the option {@code seeds} names them: {@code auto}, {@code selection}, or {@code x,y,slice;x,y,slice} with slices from 1. */
final class Seeds {
    static final String AUTO = "auto";
    private static final int MIN = 2, MAX = 1000;

    private Seeds() {}

    /** {x, y, z} with pixel-corner x and y and a 0-based z; null for none. */
    static List<double[]> parse(String text, ImagePlus image) throws Fault {
        String written = text.trim().toLowerCase(java.util.Locale.ROOT);
        if (written.isEmpty() || written.equals(AUTO)) return null;
        List<double[]> seeds = written.equals("selection") ? of(image) : read(written, text);
        for (double[] seed : seeds) {
            if (seed[2] < 0 || seed[2] >= image.getNSlices() || seed[0] < 0 || seed[1] < 0 || seed[0] > image.getWidth() || seed[1] > image.getHeight()) {
                throw new Fault("prompt_off_image", "A seed lies off the image.", "Click with the multi-point tool inside each particle.");
            }
        }
        if (seeds.size() < MIN || seeds.size() > MAX) {
            throw new Fault("seeds_invalid", seeds.size() + " seeds cannot part an object.", "Give " + MIN + " to " + MAX + ", one inside each particle, or seeds=auto.");
        }
        return seeds;
    }

    private static List<double[]> read(String written, String text) throws Fault {
        List<double[]> seeds = new ArrayList<>();
        for (String each : written.split(";")) {
            if (!each.trim().matches("\\d+(\\.\\d+)?,\\d+(\\.\\d+)?,\\d{1,9}")) {
                throw new Fault("seeds_invalid", "\"" + text + "\" names no seeds.", "Write auto, selection, or x,y,slice;x,y,slice.");
            }
            String[] parts = each.trim().split(",");
            seeds.add(new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Integer.parseInt(parts[2]) - 1});
        }
        return seeds;
    }

    /** The points of the selection, each at its pixel's centre and on its own slice, where it has one, else on the current one. */
    static List<double[]> of(ImagePlus image) throws Fault {
        Roi roi = image.getRoi();
        if (!(roi instanceof PointRoi)) throw new Fault("no_selection", "There are no points to take as seeds.", "Click with the multi-point tool inside each particle.");
        FloatPolygon at = roi.getFloatPolygon();
        List<double[]> seeds = new ArrayList<>();
        for (int i = 0; i < at.npoints; i++) {
            int position = ((PointRoi) roi).getPointPosition(i); // an index into the whole stack, 0 for none
            int slice = position < 1 ? image.getZ() : image.convertIndexToPosition(position)[1];
            seeds.add(new double[] {Math.floor(at.xpoints[i]) + 0.5, Math.floor(at.ypoints[i]) + 0.5, slice - 1});
        }
        return seeds;
    }

    static String write(List<double[]> seeds) {
        StringBuilder text = new StringBuilder();
        for (double[] seed : seeds) text.append(text.length() == 0 ? "" : ";").append(seed[0]).append(',').append(seed[1]).append(',').append((int) seed[2] + 1);
        return text.toString();
    }
}
