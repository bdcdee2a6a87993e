package org.masklet.fiji;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.MaskBits;

/** A label image as selections: one for each label and plane. Each plane is read twice, each label traced in its own box. */
final class LabelRois {
    private LabelRois() {}

    /** @param ids null for all */
    static List<Roi> of(ImagePlus labels, List<Integer> ids) throws Fault {
        if (labels.getType() == ImagePlus.COLOR_RGB || labels.getNChannels() > 1) {
            throw new Fault("labels_unsupported", "\"" + labels.getTitle() + "\" is no label image.", "Select a single-channel image whose values are object ids, or an image with a Masklet session.");
        }
        ImageStack stack = labels.getStack();
        Map<Integer, List<Roi>> found = new TreeMap<>();
        for (int at = 1; at <= stack.getSize(); at++) {
            ImageProcessor plane = stack.getProcessor(at);
            int slice = (at - 1) % labels.getNSlices() + 1;
            int frame = (at - 1) / labels.getNSlices() + 1;
            Map<Integer, int[]> boxes = boxes(plane, labels.getTitle());
            for (Integer id : new TreeSet<>(boxes.keySet())) {
                if (ids != null && !ids.contains(id)) continue;
                found.computeIfAbsent(id, key -> new ArrayList<>()).add(MaskRois.of(bits(plane, id, boxes.get(id)), id, slice, frame, labels));
            }
        }
        List<Roi> rois = new ArrayList<>();
        for (List<Roi> each : found.values()) rois.addAll(each);
        return rois;
    }

    /** [x0, y0, x1, y1] by label, half-open. */
    private static Map<Integer, int[]> boxes(ImageProcessor plane, String title) throws Fault {
        Map<Integer, int[]> boxes = new HashMap<>();
        int last = 0;
        int[] box = null;
        for (int y = 0; y < plane.getHeight(); y++) {
            for (int x = 0; x < plane.getWidth(); x++) {
                int id = label(plane.getf(x, y), title);
                if (id == 0) continue;
                if (id != last || box == null) box = boxes.computeIfAbsent(id, key -> new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0});
                last = id;
                box[0] = Math.min(box[0], x);
                box[1] = Math.min(box[1], y);
                box[2] = Math.max(box[2], x + 1);
                box[3] = Math.max(box[3], y + 1);
            }
        }
        return boxes;
    }

    private static int label(float value, String title) throws Fault {
        int id = (int) value;
        if (id == value && id >= 0) return id;
        throw new Fault("labels_unsupported", "\"" + title + "\" is no label image: it has the value " + value + ".", "Labels are whole numbers from 0.");
    }

    private static MaskBits bits(ImageProcessor plane, int id, int[] box) throws Fault {
        int width = box[2] - box[0];
        byte[] pixels = new byte[width * (box[3] - box[1])];
        for (int y = box[1], to = 0; y < box[3]; y++) for (int x = box[0]; x < box[2]; x++, to++) if (plane.getf(x, y) == id) pixels[to] = 1;
        return MaskBits.pack(pixels, box[0], box[1], width, box[3] - box[1]);
    }
}
