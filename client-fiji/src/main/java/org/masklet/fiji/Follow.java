package org.masklet.fiji;

import ij.IJ;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/** Waits for a request on the command thread: status bar, masks as they come, Escape. */
final class Follow {
    private static final int POLL_MS = 50;
    /** How long the command waits for a cancelled server to say so: a person who pressed Escape has waited enough. */
    private static final long CANCEL_MS = 300;

    interface OnMask {
        void mask(Mask mask) throws Fault;
    }

    private Follow() {}

    /**
     * @param doing what the status bar says, such as "propagating"
     * @return the value of the result; null when the person pressed Escape
     */
    static Frame value(Request request, String doing, OnMask onMask) throws Fault, InterruptedException {
        Frame end = end(request, doing, onMask);
        return end != null && end.has("value") ? end.map("value") : null;
    }

    /** @return the message that ended it, result or cancelled; null when the server is still stopping */
    static Frame end(Request request, String doing, OnMask onMask) throws Fault, InterruptedException {
        IJ.showStatus("Masklet: " + doing + "...");
        long cancelledAt = 0;
        while (true) {
            if (cancelledAt == 0 && IJ.escapePressed()) {
                request.cancel();
                cancelledAt = System.nanoTime();
                IJ.showStatus("Masklet: stopping...");
            }
            if (cancelledAt != 0 && System.nanoTime() - cancelledAt > CANCEL_MS * 1_000_000) return null;
            Frame next = request.poll(POLL_MS);
            if (next == null) continue;
            switch (next.type()) {
                case "result":
                case "cancelled": return next;
                case "mask": onMask.mask(Mask.of(next.map("mask"))); break;
                case "progress": show(doing, next.map("progress"), cancelledAt != 0); break;
                default: // what a later protocol may add between
            }
        }
    }

    private static void show(String doing, Frame progress, boolean stopping) throws Fault {
        double done = progress.number("done");
        double total = progress.number("total");
        if (total > 0) IJ.showProgress(Math.min(done / total, 0.999));
        if (!stopping) IJ.showStatus("Masklet: " + doing + ", " + words(progress) + " (Esc stops)");
    }

    /** As a person reads it: voxels are too many to count. */
    static String words(Frame progress) throws Fault {
        double done = progress.number("done");
        double total = progress.number("total");
        String step = progress.has("step") ? progress.text("step") + " " : "";
        if (progress.text("unit").equals("voxels")) return step + (int) (100 * done / Math.max(1, total)) + " %";
        return step + (long) done + " of " + (long) total + " " + progress.text("unit");
    }
}
