package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** A session's masks as selections, sorted by object, frame and slice. */
final class SessionRois {
    private SessionRois() {}

    static List<Roi> of(ImagePlus image, List<Mask> masks) throws Fault {
        List<Mask> ordered = new ArrayList<>(SliceMasks.of(masks));
        ordered.sort(Comparator.comparingInt((Mask mask) -> mask.objectId).thenComparingInt(mask -> mask.t).thenComparingInt(mask -> mask.index));
        List<Roi> rois = new ArrayList<>();
        for (Mask mask : ordered) {
            Roi roi = MaskRois.of(mask, image);
            if (roi != null) rois.add(roi);
        }
        return rois;
    }
}
