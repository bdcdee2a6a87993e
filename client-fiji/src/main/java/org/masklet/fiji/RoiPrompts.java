package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.masklet.wire.Fault;

/** Entries of the ROI Manager as prompts, each on the slice, frame and channel that it stands on; one without a position on the current ones. */
final class RoiPrompts {
    static final String[] OBJECTS = {"each", "by_name", "single"};
    /** Our own names, and plain numbers. */
    private static final Pattern NUMBERED = Pattern.compile("(?:obj)?0*([1-9]\\d{0,7})(?:-z\\d+-t\\d+)?(?:\\.roi)?");

    /** ImageJ's own names on a stack: slice, y, x. */
    private static final Pattern PLACED = Pattern.compile("(\\d{4,9})-\\d{4,9}-\\d{4,9}(?:-\\d+)?(?:\\.roi)?");

    private RoiPrompts() {}

    /**
     * @param how each: one object for each entry; by_name: entries of one name are one object, which an entry of ours or a name
     * that is a number names by its id; single: all are one object
     * @param first the id of the first object, and of those that no name gives one
     */
    static PromptList of(ImagePlus image, Roi[] rois, String how, int first) throws Fault {
        PromptList prompts = new PromptList(image);
        Map<String, Integer> named = new HashMap<>();
        int next = first;
        if (how.equals("by_name")) for (Roi roi : rois) next = Math.max(next, own(roi) + 1);
        for (Roi roi : rois) {
            int objectId;
            if (how.equals("single")) objectId = first;
            else if (how.equals("each")) objectId = next++;
            else if (own(roi) > 0) objectId = own(roi);
            else {
                Integer known = named.get(roi.getName());
                objectId = known == null ? next++ : known;
                named.put(roi.getName(), objectId);
            }
            add(prompts, image, roi, objectId);
        }
        return prompts;
    }

    /** The id that the entry carries; 0 for none. */
    private static int own(Roi roi) throws Fault {
        if (MaskRois.isOurs(roi)) return ObjectIds.single(roi.getProperty(MaskRois.OBJECT));
        Matcher name = NUMBERED.matcher(roi.getName() == null ? "" : roi.getName());
        return name.matches() ? ObjectIds.single(name.group(1)) : 0;
    }

    private static void add(PromptList prompts, ImagePlus image, Roi roi, int objectId) throws Fault {
        if (!SelectionPrompt.isPrompt(roi)) {
            throw new Fault("selection_unsupported", "The ROI \"" + roi.getName() + "\" is a " + roi.getTypeAsString().toLowerCase(Locale.ROOT) + ", which cannot be a prompt.", "Select the ROIs that are areas or points.");
        }
        int[] place = place(image, roi);
        try { // so that a fault names this one
            if (!(roi instanceof PointRoi)) {
                SelectionPrompt.parts(image, roi, "auto", true);
                prompts.area(objectId, place[1] - 1, place[2] - 1, place[0] - 1, roi);
                return;
            }
            FloatPolygon at = roi.getFloatPolygon();
            for (int i = 0; i < at.npoints; i++) {
                int position = ((PointRoi) roi).getPointPosition(i); // an index into the whole stack, 0 for none
                int[] own = position < 1 || position > image.getStackSize() ? place : image.convertIndexToPosition(position);
                prompts.point(objectId, own[1] - 1, own[2] - 1, rgb(image) ? 0 : own[0] - 1, at.xpoints[i], at.ypoints[i], true);
            }
        } catch (Fault fault) {
            throw new Fault(fault.code(), "The ROI \"" + roi.getName() + "\": " + fault.getMessage(), fault.hint(), fault);
        }
    }

    /** {channel, slice, frame} from 1; where the entry says none, those that are looked at. */
    private static int[] place(ImagePlus image, Roi roi) {
        int[] place = {Command.channel(image) + 1, image.getZ(), image.getT()};
        int index = roi.getPosition() > 0 ? roi.getPosition() : named(roi);
        if (roi.hasHyperStackPosition()) {
            if (roi.getCPosition() > 0 && !rgb(image)) place[0] = roi.getCPosition();
            if (roi.getZPosition() > 0) place[1] = roi.getZPosition();
            if (roi.getTPosition() > 0) place[2] = roi.getTPosition();
        } else if (index > image.getStackSize()) {
            place[1] = index; // no such slice, as is said when it is added
        } else if (index > 0) {
            int[] told = image.convertIndexToPosition(index);
            boolean channels = image.getNChannels() > 1;
            return new int[] {channels ? told[0] : place[0], told[1], told[2]};
        }
        return place;
    }

    /** The index into the stack that ImageJ put into the entry's name alone, as in 0003-0016-0012; 0 for none. */
    private static int named(Roi roi) {
        Matcher name = PLACED.matcher(roi.getName() == null ? "" : roi.getName());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    private static boolean rgb(ImagePlus image) {
        return image.getType() == ImagePlus.COLOR_RGB;
    }
}
