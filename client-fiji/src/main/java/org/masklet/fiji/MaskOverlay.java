package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** The masks drawn over their image. Only our own outlines are touched, and on the AWT thread, which paints them. */
final class MaskOverlay {
    private static final String PREVIEW = "masklet.preview";

    private MaskOverlay() {}

    /** Draws these masks; each takes the place of the same object's on the same plane. An empty one erases it. */
    static void put(ImagePlus image, Collection<Mask> masks) throws InterruptedException {
        Map<String, Roi> fresh = new HashMap<>();
        for (Mask mask : masks) if (mask.axis.equals("z")) fresh.put(MaskRois.name(mask.objectId, mask.index + 1, mask.t + 1), MaskRois.of(mask, image));
        draw(image, roi -> MaskRois.isOurs(roi) && fresh.containsKey(roi.getName()), fresh.values());
    }

    static void put(ImagePlus image, Mask mask) throws InterruptedException {
        put(image, Arrays.asList(mask));
    }

    /** Draws these masks, those on y and x planes as what they are on slices, and erases all others of ours. */
    static void replace(ImagePlus image, Collection<Mask> masks) throws Fault, InterruptedException {
        List<Roi> fresh = new ArrayList<>();
        for (Mask mask : SliceMasks.of(masks)) fresh.add(MaskRois.of(mask, image));
        draw(image, MaskRois::isOurs, fresh);
    }

    /** Draws the masks of a preview beside those of the session; they take the place of those of the last preview. */
    static void preview(ImagePlus image, Collection<Mask> masks) throws InterruptedException {
        List<Roi> fresh = new ArrayList<>();
        for (Mask mask : masks) {
            Roi roi = MaskRois.of(mask, image);
            if (roi == null) continue;
            roi.setProperty(MaskRois.OBJECT, null); // it belongs to no object
            roi.setProperty(PREVIEW, "yes");
            roi.setName("preview");
            fresh.add(roi);
        }
        draw(image, roi -> roi.getProperty(PREVIEW) != null, fresh);
    }

    private static void draw(ImagePlus image, Predicate<Roi> gone, Collection<Roi> fresh) throws InterruptedException {
        Runnable change = () -> {
            Overlay before = image.getOverlay();
            Overlay overlay = before == null ? new Overlay() : before;
            for (int i = overlay.size() - 1; i >= 0; i--) {
                if (gone.test(overlay.get(i))) overlay.remove(i);
            }
            for (Roi roi : fresh) if (roi != null) overlay.add(roi);
            image.setOverlay(overlay.size() == 0 ? null : overlay);
        };
        if (GraphicsEnvironment.isHeadless() || EventQueue.isDispatchThread()) {
            change.run();
            return;
        }
        try {
            EventQueue.invokeAndWait(change);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the overlay could not be drawn", e.getCause());
        }
    }
}
