package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/** Masklet Propagate...: follows the prompted objects through the stack. Slices are 1-based and inclusive here, as Fiji shows them. */
public final class PropagateCommand extends Command {
    private static final int DRAW_MS = 250;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Propagate");
        dialog.addChoice("axis", new String[] {"z", "t"}, image.getNSlices() > 1 || image.getNFrames() == 1 ? "z" : "t");
        dialog.addChoice("direction", new String[] {"both", "forward", "backward"}, "both");
        dialog.addNumericField("first", 0, 0, 6, "0 = from the start");
        dialog.addNumericField("last", 0, 0, 6, "0 = to the end");
        dialog.addStringField("objects", "all", 10);
        dialog.addChoice("output", new String[] {"labels", "rois", "overlay", "all"}, "all");
        dialog.addStringField("model", "auto", 14);
        if (!ask(dialog)) return;
        String axis = dialog.getNextChoice();
        String direction = dialog.getNextChoice();
        int[] range = range(dialog.getNextNumber(), dialog.getNextNumber(), axis.equals("z") ? image.getNSlices() : image.getNFrames(), axis);
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        String output = dialog.getNextChoice();
        String model = dialog.getNextString().trim();

        ImageSession session = Connection.THE.session(image);
        Request request = session.propagate(ids, axis, range, direction, model.isEmpty() || model.equals("auto") ? null : model);
        boolean draws = output.equals("overlay") || output.equals("all");
        List<Mask> undrawn = new ArrayList<>();
        TreeSet<Integer> touched = new TreeSet<>();
        int[] arrived = new int[1];
        long[] drawnAt = {System.nanoTime()};
        Frame end = Follow.end(request, "propagating", mask -> {
            session.keep(mask);
            touched.add(mask.objectId);
            arrived[0]++;
            undrawn.add(mask);
            if (!draws || System.nanoTime() - drawnAt[0] < DRAW_MS * 1_000_000L) return;
            draw(image, undrawn);
            drawnAt[0] = System.nanoTime();
        });
        boolean cancelled = end == null || !end.has("value");
        if (!cancelled) session.refresh(); // what is stored, also where an older run had reached further
        else if (end == null) session.leave(request, touched);
        else if (end.has("seq")) session.saw(touched, end.integer("seq"));
        List<Mask> masks = session.masks(ids);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cancelled", cancelled);
        facts.put("planes", arrived[0]);
        facts.put("objects", objects(masks));
        if (!cancelled) {
            facts.put("ends", end.map("value").list("ends"));
            facts.put("model", end.map("value").text("model"));
        }
        if (draws) MaskOverlay.replace(image, session.masks());
        show(image, masks, output, facts);
        Masklet_Macro.succeeded("propagate", facts);
        IJ.showStatus("Masklet: " + (cancelled ? "stopped, kept " : "") + masks.size() + " masks of " + objects(masks).size() + " objects");
        if (cancelled) abortMacro();
    }

    /** An interrupt while drawing ends the command like any other fault. */
    private static void draw(ImagePlus image, List<Mask> undrawn) throws Fault {
        try {
            MaskOverlay.put(image, undrawn);
            undrawn.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("cancelled", "The command was interrupted.", "", e);
        }
    }

    private static TreeSet<Integer> objects(List<Mask> masks) {
        TreeSet<Integer> found = new TreeSet<>();
        for (Mask mask : masks) found.add(mask.objectId);
        return found;
    }

    private static void show(ImagePlus image, List<Mask> masks, String output, Map<String, Object> facts) throws Fault {
        if (output.equals("rois") || output.equals("all")) {
            List<Roi> rois = SessionRois.of(image, masks);
            RoiOutput.add(rois);
            facts.put("rois", rois.size());
        }
        if (!output.equals("labels") && !output.equals("all")) return;
        ImagePlus labels = LabelImage.of(image, masks);
        facts.put("labels", labels.getTitle());
        labels.show();
        labels.setPosition(1, image.getZ(), image.getT()); // where the person was looking
    }

    /** 0-based and half-open; null for the whole axis. */
    private static int[] range(double first, double last, int size, String axis) throws Fault {
        if (first == 0 && last == 0) return null;
        double from = first == 0 ? 1 : first;
        double to = last == 0 ? size : last;
        if (from == Math.rint(from) && to == Math.rint(to) && from >= 1 && to <= size && from <= to) return new int[] {(int) from - 1, (int) to};
        throw new Fault("range_invalid", "first=" + IJ.d2s(first, 0) + " last=" + IJ.d2s(last, 0) + " is no range of the " + size + " planes along " + axis + ".",
            "Both count from 1 and are included; 0 leaves an end open.");
    }
}
