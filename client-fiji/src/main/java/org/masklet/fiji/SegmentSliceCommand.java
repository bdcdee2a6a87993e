package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Messages;

/**
 * Masklet Segment Slice...: shows what the objects look like on this slice. A prompt that has no mask yet, as after prompts
 * were put over HTTP, is run for a look, without an edit; the other masks are the stored answers to their prompts.
 */
public final class SegmentSliceCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Segment Slice");
        dialog.addStringField("object", "all", 10);
        dialog.addChoice("output", new String[] {"overlay", "roi"}, "overlay");
        ModelChoice.add(dialog);
        if (!ask(dialog)) return;
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        String output = dialog.getNextChoice();
        String model = ModelChoice.next(dialog);
        int c = channel(image);
        int z = image.getZ() - 1;
        int t = image.getT() - 1;

        ImageSession session = Connection.THE.session(image);
        session.refresh();
        List<Mask> here = new ArrayList<>();
        Set<Integer> answered = new HashSet<>();
        for (Mask mask : SliceMasks.of(session.masks(ids))) {
            if (mask.index != z || mask.t != t) continue;
            here.add(mask);
            answered.add(mask.objectId);
        }
        for (Map.Entry<Integer, Frame> prompt : session.promptsOn(z, t).entrySet()) {
            boolean wanted = (ids == null || ids.contains(prompt.getKey())) && !answered.contains(prompt.getKey());
            if (wanted && hasParts(prompt.getValue())) session.setPrompt(prompt.getKey(), Messages.cut(z, t, c), prompt.getValue(), false, true, model, here::add);
        }
        if (here.isEmpty()) throw new Fault("nothing_prompted", "No object has a prompt or a mask on this slice.", "Draw a box or click on an object and add it as a prompt.");
        if (output.equals("roi")) RoiOutput.add(SessionRois.of(image, here));
        else MaskOverlay.put(image, here);
        Map<String, Object> facts = new LinkedHashMap<>();
        List<Integer> objects = new ArrayList<>();
        for (Mask mask : here) objects.add(mask.objectId);
        facts.put("objects", objects);
        Masklet_Macro.succeeded("segment-slice", facts);
        IJ.showStatus("Masklet: " + here.size() + " objects on this slice");
    }

    /** A mask prompt is not told over HTTP; the stored mask stands for it. */
    private static boolean hasParts(Frame prompt) {
        return prompt.has("box") || prompt.has("points") || prompt.has("polygon");
    }
}
