package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Roi;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** What a session holds, shown as the option {@code output} says. */
final class Results {
    /** No item of the option: what is shown stays as it is. */
    static final String NOTHING = "nothing";
    static final String[] OUTPUTS = {"labels", "rois", "overlay", "table", "all"};

    private Results() {}

    /** all are the label image, the ROIs and the overlay; a table that opens over them has to be asked for. */
    static boolean has(String output, String kind) {
        return output.equals(kind) || output.equals("all") && !kind.equals("table");
    }

    /**
     * @param ids null for all
     * @param facts is told what was made
     */
    static void show(ImagePlus image, ImageSession session, List<Integer> ids, String output, Map<String, Object> facts) throws Fault, InterruptedException {
        List<Mask> masks = session.masks(ids);
        if (has(output, "overlay")) MaskOverlay.replace(image, session.masks());
        if (has(output, "rois")) {
            List<Roi> rois = SessionRois.of(image, masks);
            RoiOutput.add(rois);
            facts.put("rois", rois.size());
        }
        if (has(output, "table") && !session.isStopping() && !masks.isEmpty()) facts.put("measured", Measurements.show(Measurements.table(session.text("measurements", ids), Measurements.Columns.BASIC), Measurements.TABLE));
        if (has(output, "labels")) {
            ImagePlus labels = LabelImage.of(image, masks);
            facts.put("labels", labels.getTitle());
            labels.show();
            labels.setPosition(1, image.getZ(), image.getT()); // where the person was looking
        }
    }

    static TreeSet<Integer> objects(List<Mask> masks) {
        TreeSet<Integer> objects = new TreeSet<>();
        for (Mask mask : masks) objects.add(mask.objectId);
        return objects;
    }

    static String count(List<Mask> masks) {
        int objects = objects(masks).size();
        return masks.size() + (masks.size() == 1 ? " mask of " : " masks of ") + objects + (objects == 1 ? " object" : " objects");
    }
}
