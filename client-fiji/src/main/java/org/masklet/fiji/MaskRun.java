package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/** A run that streams masks: they are drawn as they come, Escape stops it and keeps what came, and at its end the session is fetched. */
final class MaskRun {
    private static final int DRAW_MS = 250;

    /** Null when the person stopped the run. */
    final Frame value;
    /** Objects whose masks came. */
    final TreeSet<Integer> touched = new TreeSet<>();
    final Map<String, Object> facts = new LinkedHashMap<>();
    private final ImagePlus image;
    private final ImageSession session;
    private final boolean draws;
    private final List<Mask> undrawn = new ArrayList<>();
    private int arrived;
    private long drawnAt = System.nanoTime();

    /**
     * Follows the run to its end.
     *
     * @param doing what the status bar says, such as "propagating"
     * @param output one of {@link Results#OUTPUTS}
     */
    MaskRun(ImageSession session, ImagePlus image, Frame message, String doing, String output) throws Fault, InterruptedException {
        this.session = session;
        this.image = image;
        draws = Results.has(output, "overlay");
        Request request = session.start(message);
        Frame end;
        try {
            end = Follow.end(request, doing, this::take);
        } catch (Fault fault) {
            if (fault.code().equals("conflict")) { // the change that the sentence speaks of
                session.refresh();
                MaskOverlay.replace(image, session.masks());
            }
            throw fault;
        }
        value = end != null && end.has("value") ? end.map("value") : null;
        if (value != null) session.refresh(); // what is stored, also where an older run had reached further
        else stopped(request, end);
        facts.put("cancelled", value == null);
        facts.put("planes", arrived);
    }

    private void stopped(Request request, Frame end) throws Fault {
        if (end == null) session.leave(request, touched);
        else if (end.has("seq")) session.saw(touched, end.integer("seq"));
        session.outdate();
    }

    private void take(Mask mask) throws Fault {
        session.keep(mask);
        touched.add(mask.objectId);
        arrived++;
        undrawn.add(mask);
        if (!draws || System.nanoTime() - drawnAt < DRAW_MS * 1_000_000L) return;
        try {
            MaskOverlay.put(image, undrawn);
            undrawn.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("cancelled", "The command was interrupted.", "", e); // an interrupt while drawing ends the command like any other fault
        }
        drawnAt = System.nanoTime();
    }

    /** The objects that the result names, or those whose masks came before it was stopped. */
    List<Integer> objects() throws Fault {
        if (value == null) return new ArrayList<>(touched);
        List<Integer> ids = new ArrayList<>();
        for (int id : value.integers("objects")) ids.add(id);
        return ids;
    }

    /**
     * Shows the masks as the output says, tells scripts, and stops the macro when the person stopped the run.
     *
     * @param ids null for all
     */
    void finish(String command, List<Integer> ids, String output) throws Fault, InterruptedException {
        Command.checkOpen(image);
        List<Mask> masks = session.masks(ids);
        facts.put("objects", Results.objects(masks));
        if (value != null && value.has("model")) facts.put("model", value.text("model"));
        Results.show(image, session, ids, output, facts);
        SentPlanes.of(image).check(image); // edited on the way: the masks may be of the pixels before
        Masklet_Macro.succeeded(command, facts);
        IJ.showStatus("Masklet: " + (value == null ? "stopped, kept " : "") + Results.count(masks));
        if (value == null) Command.abortMacro();
    }
}
