package org.masklet.fiji;

import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** A session's masks as an image whose voxel value is the object id: 16-bit, above 65535 objects 32-bit float. */
final class LabelImage {
    static final String SUFFIX = "-labels";
    private static final int MAX_UINT16 = 65_535;

    private LabelImage() {}

    /** Dimensions and calibration of the source, one channel. Where masks overlap, the highest score wins, then the object named first. */
    static ImagePlus of(ImagePlus source, List<Mask> masks) throws Fault {
        int highest = 0;
        for (Mask mask : masks) highest = Math.max(highest, mask.objectId);
        int slices = source.getNSlices();
        int frames = source.getNFrames();
        ImageStack stack = ImageStack.create(source.getWidth(), source.getHeight(), slices * frames, highest > MAX_UINT16 ? 32 : 16);
        for (Mask mask : paintingOrder(masks)) paint(mask, stack, slices, frames);
        ImagePlus labels = new ImagePlus(title(source), stack);
        labels.setDimensions(1, slices, frames);
        labels.setOpenAsHyperStack(slices > 1 && frames > 1);
        Calibration calibration = source.getCalibration().copy();
        calibration.disableDensityCalibration();
        labels.setCalibration(calibration);
        labels.getProcessor().setLut(ObjectColors.lut());
        // Fixed, never fitted to the values: an id has the same colour in every label image of up to 255 objects.
        labels.setDisplayRange(0, Math.max(255, highest));
        return labels;
    }

    private static List<Mask> paintingOrder(List<Mask> masks) {
        Map<Integer, Integer> turns = new LinkedHashMap<>();
        for (Mask mask : masks) turns.putIfAbsent(mask.objectId, turns.size());
        List<Mask> ordered = new ArrayList<>(masks);
        ordered.sort(Comparator.comparingDouble((Mask mask) -> mask.score).thenComparing(mask -> -turns.get(mask.objectId)));
        return ordered;
    }

    private static void paint(Mask mask, ImageStack stack, int slices, int frames) throws Fault {
        ImageProcessor plane = null;
        int planeAt = -1;
        for (int v = 0; v < mask.bits.height; v++) {
            for (int u = 0; u < mask.bits.width; u++) {
                if (!mask.bits.get(u, v)) continue;
                int a = mask.bits.u0 + u;
                int b = mask.bits.v0 + v;
                int x = mask.axis.equals("x") ? mask.index : a;
                int y = mask.axis.equals("z") ? b : mask.axis.equals("y") ? mask.index : a;
                int z = mask.axis.equals("z") ? mask.index : b;
                if (x >= stack.getWidth() || y >= stack.getHeight() || z >= slices || mask.t >= frames) {
                    throw new Fault("frame_invalid", "The server sent a mask that lies off the image.", "Check that client and server have the same version.");
                }
                int at = mask.t * slices + z + 1;
                if (at != planeAt) plane = stack.getProcessor(at);
                planeAt = at;
                plane.setf(x, y, mask.objectId);
            }
        }
    }

    /** The source's name without its file extension. */
    static String stem(ImagePlus source) {
        return source.getTitle().replaceFirst("(?<=.)\\.(tiff?|TIFF?|png|PNG|zip|gif|jpe?g|nd2|czi|lif|oif|oib|dm3|dm4|nii|nrrd|zarr)$", "");
    }

    /** ImageJ's own unique names add a number even when the title is free. */
    private static String title(ImagePlus source) {
        String title = stem(source) + SUFFIX;
        return WindowManager.getImage(title) == null ? title : WindowManager.getUniqueName(title);
    }

    static boolean isTitled(ImagePlus image) {
        return image.getTitle().matches(".*" + SUFFIX + "(-\\d+)?(\\.tiff?)?");
    }
}
