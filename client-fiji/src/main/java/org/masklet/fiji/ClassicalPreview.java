package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/**
 * What the fields would give on the slice that is looked at, while their dialog is open. Its own thread notices changed fields,
 * another slice and another selection, waits until they rest, and cancels the run before. Failures go to the status bar.
 */
final class ClassicalPreview implements Runnable {
    private static final int TURN_MS = 50;
    /** After the last change: long enough for the next key of a number. */
    private static final int REST_MS = 250;
    private static final int CLOSE_MS = 2000;

    private final ImagePlus image;
    private final Recipes recipes;
    private final Thread thread = new Thread(this, "masklet-preview");
    private volatile Map<String, String> wanted;
    private volatile boolean closed;

    ClassicalPreview(ImagePlus image, Recipes recipes) {
        this.image = image;
        this.recipes = recipes;
        thread.setDaemon(true);
    }

    /** @param told the fields of the dialog; null for no preview */
    void want(Map<String, String> told) {
        wanted = told;
        if (told != null && thread.getState() == Thread.State.NEW) thread.start();
    }

    /** Ends it and removes its outlines. Not on the AWT thread, which draws. */
    void close() throws InterruptedException {
        closed = true;
        if (thread.getState() == Thread.State.NEW) return;
        thread.join(CLOSE_MS);
        MaskOverlay.preview(image, new ArrayList<>());
    }

    @Override
    public void run() {
        List<Object> shown = new ArrayList<>();
        List<Object> before = shown;
        long changedAt = 0;
        try {
            while (!closed) {
                List<Object> now = state();
                if (!now.equals(before)) changedAt = System.nanoTime();
                before = now;
                boolean rests = now.isEmpty() || System.nanoTime() - changedAt > REST_MS * 1_000_000L;
                if (rests && !now.equals(shown)) shown = look(now) ? now : null;
                Thread.sleep(TURN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a preview depends on, none when there is to be none; equal states look the same. */
    private List<Object> state() {
        Map<String, String> told = wanted;
        if (told == null) return new ArrayList<>();
        Roi roi = image.getRoi();
        return Arrays.asList(told, image.getC(), image.getZ(), image.getT(), roi == null || !roi.isArea() ? "" : roi.getBounds());
    }

    /** @return false when it was overtaken by a change */
    private boolean look(List<Object> state) throws InterruptedException {
        List<Mask> masks = new ArrayList<>();
        try {
            Frame value = state.isEmpty() ? null : answer(state, masks);
            if (closed || value == null && !state.isEmpty()) return false;
            MaskOverlay.preview(image, masks);
            if (value != null) show(value, masks.size());
        } catch (Fault fault) {
            failed(fault.sentence());
        } catch (RuntimeException e) {
            failed("the preview failed (" + e + ")");
        }
        return true;
    }

    private void failed(String sentence) throws InterruptedException {
        if (closed) return;
        MaskOverlay.preview(image, new ArrayList<>()); // those of other values would deceive
        IJ.showStatus("Masklet: " + sentence);
    }

    /** Null when the state changed before it came. */
    private Frame answer(List<Object> state, List<Mask> masks) throws Fault, InterruptedException {
        Map<String, String> told = wanted;
        if (told == null) return null;
        ClassicalOptions options = new ClassicalOptions(told, recipes, image);
        ImageSession session = Connection.THE.session(image);
        Request request = Connection.THE.client().send(options.message(session, image, true));
        IJ.showStatus("Masklet: preview...");
        while (true) {
            if (closed || !state().equals(state)) {
                request.cancel();
                return null;
            }
            Frame next = request.poll(TURN_MS);
            if (next == null) continue;
            switch (next.type()) {
                case "result": return next.map("value");
                case "cancelled": return null;
                case "mask": masks.add(Mask.of(next.map("mask"))); break;
                case "progress": IJ.showStatus("Masklet: preview, " + Follow.words(next.map("progress"))); break;
                default: // what a later protocol may add between
            }
        }
    }

    private void show(Frame value, int masks) throws Fault, InterruptedException {
        if (value.has("plane")) StepWindow.show(value.map("plane"), image);
        List<?> warnings = value.list("warnings");
        IJ.showStatus("Masklet: preview, " + (value.has("plane") ? "step " + value.map("plane").text("step") : masks + " objects on this slice")
            + (warnings.isEmpty() ? "" : ". " + warnings.get(0)));
    }
}
