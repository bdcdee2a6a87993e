package org.masklet.fiji;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Roi;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Outlines into the ROI Manager. */
final class RoiOutput {
    private RoiOutput() {}

    /** Adds them in order; entries of the same name, from an earlier run, go. */
    static void add(Collection<Roi> rois) {
        // In batch mode getRoiManager() would make a private manager that the macro cannot see.
        RoiManager manager = RoiManager.getInstance2();
        if (manager == null) manager = new RoiManager();
        Set<String> names = new HashSet<>();
        for (Roi roi : rois) names.add(roi.getName());
        remove(manager, names);
        for (Roi roi : rois) manager.addRoi((Roi) roi.clone());
    }

    private static void remove(RoiManager manager, Set<String> names) {
        List<Integer> old = new ArrayList<>();
        Roi[] present = manager.getRoisAsArray();
        for (int i = 0; i < present.length; i++) if (MaskRois.isOurs(present[i]) && names.contains(present[i].getName())) old.add(i);
        if (old.isEmpty()) return;
        ImagePlus image = WindowManager.getCurrentImage();
        Roi selection = image == null ? null : image.getRoi();
        int[] place = image == null ? null : new int[] {image.getC(), image.getZ(), image.getT()};
        boolean recording = Recorder.record;
        Recorder.record = false; // the deletion belongs to our command's line, which replays it
        try {
            manager.setSelectedIndexes(old.stream().mapToInt(Integer::intValue).toArray());
            manager.runCommand("Delete");
        } finally {
            if (image != null) { // an entry that is selected for its deletion shows itself: the person keeps slice and selection
                image.setRoi(selection);
                image.setPosition(place[0], place[1], place[2]);
            }
            Recorder.record = recording;
        }
    }
}
