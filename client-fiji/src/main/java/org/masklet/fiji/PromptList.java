package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Prompts gathered for one edit. What is said several times of an object on one slice is one prompt: points together, areas joined. */
final class PromptList {
    /** What is known of one object on one slice. */
    private static final class Spot {
        final int z, t, c;
        final List<Object> points = new ArrayList<>();
        Roi area;

        Spot(int z, int t, int c) {
            this.z = z;
            this.t = t;
            this.c = c;
        }
    }

    private final ImagePlus image;
    private final Map<Integer, Map<String, Spot>> objects = new LinkedHashMap<>();

    PromptList(ImagePlus image) {
        this.image = image;
    }

    /** @param z,t,c 0-based @param x,y as ImageJ counts pixels; anywhere inside one means its centre */
    void point(int objectId, int z, int t, int c, double x, double y, boolean positive) throws Fault {
        spot(objectId, z, t, c).points.add(SelectionPrompt.point(image, x, y, positive));
    }

    /** @param z,t,c 0-based */
    void area(int objectId, int z, int t, int c, Roi roi) throws Fault {
        Spot spot = spot(objectId, z, t, c);
        spot.area = spot.area == null ? roi : new ShapeRoi(spot.area).or(new ShapeRoi(roi));
    }

    private Spot spot(int objectId, int z, int t, int c) throws Fault {
        if (z < 0 || z >= image.getNSlices() || t < 0 || t >= image.getNFrames()) {
            throw new Fault("prompt_off_image", "There is no slice " + (z + 1) + ", frame " + (t + 1) + " in this image.", "Slices and frames count from 1.");
        }
        return objects.computeIfAbsent(objectId, id -> new LinkedHashMap<>()).computeIfAbsent(z + "/" + t + "/" + c, place -> new Spot(z, t, c));
    }

    List<Integer> ids() {
        return new ArrayList<>(objects.keySet());
    }

    /** As prompts.put takes them. */
    List<Frame> frames() throws Fault {
        List<Frame> made = new ArrayList<>();
        for (Map.Entry<Integer, Map<String, Spot>> object : objects.entrySet()) {
            List<Frame> prompts = new ArrayList<>();
            for (Spot spot : object.getValue().values()) {
                Frame parts = spot.area == null ? Frame.empty() : SelectionPrompt.parts(image, spot.area, "auto", true);
                if (!spot.points.isEmpty()) parts.with("points", spot.points);
                prompts.add(Messages.prompt(Messages.cut(spot.z, spot.t, spot.c), parts));
            }
            made.add(Messages.prompted(object.getKey(), prompts));
        }
        return made;
    }
}
