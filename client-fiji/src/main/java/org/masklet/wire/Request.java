package org.masklet.wire;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request on its way. What arrives for it waits in a queue until its own thread polls. It ends exactly once. */
public final class Request {
    final long id;
    /** Where its volume's pixels are, for volume.open; else null. */
    final PlaneSource source;
    private final LiveClient client;
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final AtomicBoolean cancelSent = new AtomicBoolean();
    private volatile boolean ended;

    Request(LiveClient client, long id, PlaneSource source) {
        this.client = client;
        this.id = id;
        this.source = source;
    }

    void arrive(Frame frame) {
        arrived.add(frame);
    }

    void fail(Fault fault) {
        arrived.add(fault);
    }

    /**
     * The next progress, mask, result or cancelled; null when none came within waitMs.
     *
     * @throws Fault when the request ended in an error, or the connection did
     */
    public Frame poll(long waitMs) throws Fault, InterruptedException {
        Object next = arrived.poll(waitMs, TimeUnit.MILLISECONDS);
        if (next == null) return null;
        if (next instanceof Fault) {
            ended = true;
            throw (Fault) next;
        }
        Frame frame = (Frame) next;
        String type = frame.type();
        ended = "result".equals(type) || "cancelled".equals(type);
        return frame;
    }

    /** Whether what ended it has been polled. */
    public boolean hasEnded() {
        return ended;
    }

    /** Sends one cancel, however often it is called. The request still ends by itself. */
    public void cancel() throws Fault {
        if (cancelSent.compareAndSet(false, true)) client.post(Frame.message("cancel").with("id", id));
    }
}
