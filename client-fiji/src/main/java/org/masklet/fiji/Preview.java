package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/**
 * What would come of something, outlined while a person still changes it. Its own thread notices changes, waits until they
 * rest, and cancels the run before. Nothing is stored; failures go to the status bar.
 */
abstract class Preview implements Runnable {
    static final String THREAD = "masklet-preview";
    static final List<Object> NOTHING = Collections.emptyList();
    /** Those that go on; only the last draws, or they would erase each other's outlines. */
    private static final List<Preview> OPEN = new CopyOnWriteArrayList<>();
    private static final int TURN_MS = 50;
    private static final int CLOSE_MS = 2000;

    private final int restMs;
    private final Thread thread = new Thread(this, THREAD);
    /** Where outlines of this preview may be. */
    private ImagePlus drawnOn;
    private volatile boolean closed;

    /** @param restMs after the last change, until it is looked at */
    Preview(int restMs) {
        this.restMs = restMs;
        thread.setDaemon(true);
    }

    /** The image, then whatever else the outlines depend on; {@link #NOTHING} when there are to be none. Equal states look the same. */
    abstract List<Object> state();

    /** Asks the server what the present state gives; null when it changed meanwhile. */
    abstract Request ask() throws Fault, InterruptedException;

    /** Tells the person. */
    abstract void show(Frame value, List<Mask> masks) throws Fault, InterruptedException;

    final void start() {
        if (thread.getState() != Thread.State.NEW) return;
        OPEN.add(this);
        thread.start();
    }

    /** Ends it and removes its outlines. Not on the AWT thread, which draws. */
    final void close() throws InterruptedException {
        closed = true;
        if (thread.getState() == Thread.State.NEW) return;
        thread.join(CLOSE_MS);
        OPEN.remove(this);
        draw(null, new ArrayList<>());
    }

    @Override
    public final void run() {
        List<Object> shown = NOTHING;
        List<Object> before = NOTHING;
        long changedAt = 0;
        try {
            while (!closed) {
                List<Object> now = now();
                if (!now.equals(before)) changedAt = System.nanoTime();
                before = now;
                boolean rests = now.isEmpty() || System.nanoTime() - changedAt > restMs * 1_000_000L;
                if (rests && !now.equals(shown)) shown = look(now) ? now : null;
                Thread.sleep(TURN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Object> now() {
        try {
            return closed || OPEN.get(OPEN.size() - 1) != this ? NOTHING : state();
        } catch (RuntimeException changing) {
            return Collections.singletonList((Object) System.nanoTime()); // a selection may be read while it is dragged; equal to no other state, this one is not looked at
        }
    }

    /** @return false when it was overtaken by a change */
    private boolean look(List<Object> state) throws InterruptedException {
        List<Mask> masks = new ArrayList<>();
        ImagePlus image = state.isEmpty() ? null : (ImagePlus) state.get(0);
        try {
            Frame value = state.isEmpty() ? null : answer(state, masks);
            if (closed || value == null && !state.isEmpty()) return false;
            draw(image, masks);
            if (value != null) show(value, masks);
        } catch (Fault fault) {
            failed(image, fault.sentence());
        } catch (RuntimeException e) {
            failed(image, "the preview failed (" + e + ")");
        }
        return true;
    }

    private void draw(ImagePlus image, List<Mask> masks) throws InterruptedException {
        if (drawnOn != null && drawnOn != image) MaskOverlay.preview(drawnOn, new ArrayList<>());
        drawnOn = image;
        if (image != null) MaskOverlay.preview(image, masks);
    }

    private void failed(ImagePlus image, String sentence) throws InterruptedException {
        if (closed) return;
        draw(image, new ArrayList<>()); // those of another state would deceive
        IJ.showStatus("Masklet: " + sentence);
    }

    /** Null when the state changed before it came. */
    private Frame answer(List<Object> state, List<Mask> masks) throws Fault, InterruptedException {
        Request request = ask();
        if (request == null) return null;
        IJ.showStatus("Masklet: preview...");
        while (true) {
            if (closed || !now().equals(state)) {
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
}
