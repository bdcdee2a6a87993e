package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;

/**
 * Masks as ImageJ selections, traced by ImageJ itself in the mask's own box, so that every pixel is kept and a large plane
 * costs no more than a small one. The object's id is a property, never a group: groups end at 255.
 */
final class MaskRois {
    static final String OBJECT = "masklet.object";

    private MaskRois() {}

    /** Null for masks that are empty or do not lie on a z plane: ImageJ has no selections on other planes. */
    static Roi of(Mask mask, ImagePlus image) {
        if (mask.bits.isEmpty() || !mask.axis.equals("z")) return null;
        return of(mask.bits, mask.objectId, mask.index + 1, mask.t + 1, image);
    }

    /** @param slice,frame 1-based */
    static Roi of(MaskBits bits, int objectId, int slice, int frame, ImagePlus image) {
        ByteProcessor box = new ByteProcessor(bits.width, bits.height);
        for (int v = 0; v < bits.height; v++) for (int u = 0; u < bits.width; u++) if (bits.get(u, v)) box.set(u, v, 255);
        box.setThreshold(255, 255, ImageProcessor.NO_LUT_UPDATE);
        Roi roi = new ThresholdToSelection().convert(box);
        if (roi == null) return null;
        Rectangle bounds = roi.getBounds();
        roi.setLocation(bounds.x + bits.u0, bounds.y + bits.v0);
        roi.setName(name(objectId, slice, frame));
        roi.setProperty(OBJECT, Integer.toString(objectId));
        roi.setStrokeColor(ObjectColors.of(objectId));
        position(roi, image, slice, frame);
        return roi;
    }

    static String name(int objectId, int slice, int frame) {
        return String.format("obj%04d-z%04d-t%04d", objectId, slice, frame);
    }

    static boolean isOurs(Roi roi) {
        return roi.getProperty(OBJECT) != null;
    }

    /** With two or more of c, z, t a position is (c,z,t), 0 = any channel; on a plain stack it is the stack index. */
    private static void position(Roi roi, ImagePlus image, int slice, int frame) {
        int channels = image.getNChannels();
        int slices = image.getNSlices();
        int frames = image.getNFrames();
        int longer = (channels > 1 ? 1 : 0) + (slices > 1 ? 1 : 0) + (frames > 1 ? 1 : 0);
        if (longer > 1) roi.setPosition(0, slice, frame);
        else if (slices > 1) roi.setPosition(slice);
        else if (frames > 1) roi.setPosition(frame);
        else roi.setPosition(0); // one plane, or channels alone: it shows everywhere
    }
}
