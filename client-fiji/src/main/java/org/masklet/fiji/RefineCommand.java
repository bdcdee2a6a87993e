package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.PointRoi;
import ij.gui.Roi;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;
import org.masklet.wire.Messages;

/**
 * Masklet Refine...: corrects an object on this slice and follows it on from here, both ways. Points say what belongs to it and
 * what does not; an area is added to its outline, or taken off it.
 */
public final class RefineCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Refine");
        dialog.addStringField("object", AddPromptCommand.lastObject(image), 6);
        dialog.addChoice("polarity", new String[] {"positive", "negative"}, "positive");
        dialog.addChoice("axis", new String[] {"z", "t"}, image.getNSlices() > 1 || image.getNFrames() == 1 ? "z" : "t");
        dialog.addChoice("direction", new String[] {"both", "forward", "backward"}, "both");
        SliceRange.add(dialog);
        dialog.addChoice("output", Results.OUTPUTS, "overlay");
        ModelChoice.add(dialog);
        dialog.addMessage("The selection on this slice corrects the object: points that belong to it (positive)\nor do not, an area to add to it or to take off it. Then it is followed on from here.");
        if (!ask(dialog)) return;
        int objectId = ObjectIds.single(dialog.getNextString());
        boolean positive = dialog.getNextChoice().equals("positive");
        String axis = dialog.getNextChoice();
        String direction = dialog.getNextChoice();
        int[] range = SliceRange.next(dialog, image, axis);
        String output = dialog.getNextChoice();
        String model = ModelChoice.next(dialog);
        if (objectId == 0) throw new Fault("objects_invalid", "Refine needs the id of an object.", "Write a number such as 1.");
        Roi roi = SelectionPrompt.selection(image);

        ImageSession session = Connection.THE.session(image);
        session.refreshIfStale();
        if (!session.objects().contains(objectId)) {
            throw new Fault("object_unknown", "There is no object " + objectId + " in this session.", "Add a prompt for it first, or name one of " + session.objects() + ".");
        }
        boolean points = roi instanceof PointRoi;
        MaskBits here = outline(image, session, objectId);
        Frame parts = points ? pointed(image, session, roi, here, objectId, positive) : corrected(image, roi, here, objectId, positive);
        Mask[] answered = new Mask[1];
        Frame set = session.setPrompt(objectId, Messages.cut(image.getZ() - 1, image.getT() - 1, channel(image)), parts, points, false, model, mask -> answered[0] = mask);
        if (answered[0] != null) MaskOverlay.put(image, answered[0]);
        if (set == null) {
            IJ.showStatus("Masklet: stopped");
            abortMacro();
            return;
        }
        image.setProperty(AddPromptCommand.OBJECT, Integer.toString(objectId));
        image.deleteRoi();
        List<Integer> ids = Arrays.asList(objectId);
        if (SliceRange.size(image, axis) == 1) { // a single picture: there is nothing to go on to
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("cancelled", false);
            facts.put("area", answered[0] == null ? 0 : answered[0].bits.area());
            facts.put("objects", ids);
            Results.show(image, session, ids, output, facts);
            Masklet_Macro.succeeded("refine", facts);
            IJ.showStatus("Masklet: object " + objectId + " was corrected");
            return;
        }
        MaskRun run = new MaskRun(session, image, Messages.propagate(session.sessionId, ids, axis, range, direction, Boolean.TRUE, model), "going on from here", output);
        run.facts.put("area", answered[0] == null ? 0 : answered[0].bits.area());
        if (run.value != null) run.facts.put("ends", run.value.list("ends"));
        run.finish("refine", ids, output);
    }

    /** Null where the object has none on this slice. */
    private static MaskBits outline(ImagePlus image, ImageSession session, int objectId) throws Fault {
        for (Mask mask : SliceMasks.of(session.masks(Arrays.asList(objectId)))) {
            if (mask.index == image.getZ() - 1 && mask.t == image.getT() - 1 && !mask.bits.isEmpty()) return mask.bits;
        }
        return null;
    }

    /** Points beside the prompt that is there; where a run found the outline, beside that outline, or they would be all that is known here. */
    private static Frame pointed(ImagePlus image, ImageSession session, Roi roi, MaskBits here, int objectId, boolean positive) throws Fault {
        Frame parts = SelectionPrompt.parts(image, roi, "points", positive);
        if (session.promptsOn(image.getZ() - 1, image.getT() - 1).containsKey(objectId)) return parts;
        if (here == null && !positive) throw outlineless(objectId);
        return here == null ? parts : parts.with("mask", here.toFrame());
    }

    private static Fault outlineless(int objectId) {
        return new Fault("nothing_prompted", "Object " + objectId + " has no outline on this slice that could be made smaller.", "Go to a slice where it has one.");
    }

    /** The object's outline on this slice with the area added or taken off, as a mask. */
    private static Frame corrected(ImagePlus image, Roi roi, MaskBits here, int objectId, boolean positive) throws Fault {
        if (!roi.isArea()) throw new Fault("selection_unsupported", "A " + roi.getTypeAsString().toLowerCase(java.util.Locale.ROOT) + " selection cannot correct an object.", "Draw an area, or click with the point tool.");
        MaskBits area = SelectionPrompt.mask(image, roi);
        if (here == null && !positive) throw outlineless(objectId);
        MaskBits after = here == null ? area : here.with(area, positive);
        if (after.area() == 0) throw new Fault("prompt_empty", "Nothing of object " + objectId + " would be left on this slice.", "To end it before this slice, follow it again with first and last.");
        return Frame.empty().with("mask", after.toFrame());
    }
}
