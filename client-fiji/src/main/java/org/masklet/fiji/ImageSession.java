package org.masklet.fiji;

import ij.ImagePlus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;
import org.masklet.wire.Mask;
import org.masklet.wire.Messages;
import org.masklet.wire.Request;

/**
 * One person's work on one image, as this client last saw it: its objects, its masks and the number of the last edit seen.
 * The truth is the server's; {@link #refresh} fetches it. Used by one command thread at a time.
 */
final class ImageSession {
    /** How long the next edit waits for a cancelled run to end on the server: a network may finish the plane it is at. */
    private static final long STOPPING_MS = 10_000;

    final String sessionId;
    private final LiveClient client;
    private final String form;
    private final TreeSet<Integer> objects = new TreeSet<>();
    private final Map<String, Mask> masks = new LinkedHashMap<>();
    private final Map<Integer, Integer> ownEdits = new HashMap<>();
    private int seenSeq;
    private Request stopping;
    private Collection<Integer> stoppingObjects;
    private volatile boolean stale;

    private ImageSession(LiveClient client, ImagePlus image, String sessionId) {
        this.client = client;
        this.sessionId = sessionId;
        form = ImageFacts.form(image);
    }

    static ImageSession open(LiveClient client, ImagePlus image) throws Fault, InterruptedException {
        Request request = client.send(Messages.volumeOpen(ImageFacts.declaration(image)), new StackPlanes(image));
        Frame opened = Follow.value(request, "opening " + image.getTitle(), mask -> { });
        if (opened == null) throw stopped();
        Frame session = opened.map("session");
        ImageSession made = new ImageSession(client, image, session.text("sessionId"));
        made.stale = made.take(session);
        return made;
    }

    /** A session that is known by its id, such as that of a job; the image is what its masks are shown with. */
    static ImageSession of(LiveClient client, ImagePlus image, String sessionId) {
        ImageSession made = new ImageSession(client, image, sessionId);
        made.stale = true;
        return made;
    }

    /** False after a reconnect, and when the image was resized, reordered or converted under the session. */
    boolean isFor(LiveClient open, ImagePlus image) {
        return client == open && form.equals(ImageFacts.form(image));
    }

    /** @return whether the server has masks of it */
    private boolean take(Frame session) throws Fault {
        boolean found = false;
        objects.clear();
        ownEdits.clear();
        seenSeq = session.integer("seq");
        for (Frame each : session.maps("objects")) {
            objects.add(each.integer("objectId"));
            found |= each.integer("masks") > 0;
        }
        return found;
    }

    TreeSet<Integer> objects() {
        return new TreeSet<>(objects);
    }

    /** Above every object there is, also those of a run that was stopped. */
    int nextObject() throws Fault, InterruptedException {
        settle();
        refreshIfStale();
        return objects.isEmpty() ? 1 : objects.last() + 1;
    }

    /** In the order the objects first got a mask. */
    List<Mask> masks() {
        return new ArrayList<>(masks.values());
    }

    /** @param ids null for all */
    List<Mask> masks(List<Integer> ids) {
        List<Mask> found = masks();
        if (ids != null) found.removeIf(mask -> !ids.contains(mask.objectId));
        return found;
    }

    void keep(Mask mask) {
        if (mask.bits.isEmpty()) masks.remove(mask.key());
        else masks.put(mask.key(), mask);
    }

    /** What is known here may not be what is stored. */
    void outdate() {
        stale = true;
    }

    /** Fetches what others changed, or what a resumed session had before. */
    void refreshIfStale() throws Fault, InterruptedException {
        if (stale) refresh();
    }

    /** Objects, masks and edit number as the server has them now. */
    void refresh() throws Fault, InterruptedException {
        stale = false; // before it is asked for: a change that comes while it is fetched makes it stale again
        boolean done = false;
        try {
            boolean any = take(client.get("/v1/sessions/" + sessionId));
            Map<String, Mask> fetched = new LinkedHashMap<>();
            if (any && Follow.value(client.send(Messages.labelsGet(sessionId, "planes", null)), "fetching masks", mask -> fetched.put(mask.key(), mask)) == null) throw stopped();
            masks.clear();
            for (Mask mask : fetched.values()) keep(mask);
            done = true;
        } finally {
            if (!done) stale = true;
        }
    }

    /**
     * One file of the results.
     *
     * @param as labels, rois, geojson or measurements
     * @param ids null for all
     */
    byte[] file(String as, List<Integer> ids) throws Fault, InterruptedException {
        settle();
        Frame value = Follow.value(client.send(Messages.labelsGet(sessionId, as, ids)), "fetching " + as, mask -> { });
        if (value == null) throw stopped();
        return value.binary("data");
    }

    /** A file of the results that is text. */
    String text(String as, List<Integer> ids) throws Fault, InterruptedException {
        return new String(file(as, ids), StandardCharsets.UTF_8);
    }

    /**
     * An answer of measure or evaluate about this session as it is now.
     *
     * @param message from {@link Messages}, for this session
     */
    Frame ask(Frame message, String doing) throws Fault, InterruptedException {
        settle();
        Frame value = Follow.value(client.send(message), doing, mask -> { });
        if (value == null) throw stopped();
        return value;
    }

    /** The prompts of one plane as they were set, by object; objects whose prompt there was a mask have none of the other parts. */
    Map<Integer, Frame> promptsOn(int z, int t) throws Fault {
        Map<Integer, Frame> found = new LinkedHashMap<>();
        for (Frame object : client.get("/v1/sessions/" + sessionId + "/prompts").maps("objects")) {
            for (Frame prompt : object.maps("prompts")) {
                boolean here = prompt.integer("z", 0) == z && prompt.integer("t", object.integer("t", 0)) == t;
                if (here && !"y".equals(object.text("axis", "z")) && !"x".equals(object.text("axis", "z"))) found.put(object.integer("id"), prompt);
            }
        }
        return found;
    }

    /** @return the EditResult; null when stopped by Escape. The mask is kept on the way, but that of a preview is only handed on. */
    Frame setPrompt(int objectId, Frame cut, Frame parts, boolean add, boolean preview, String model, Follow.OnMask onMask) throws Fault, InterruptedException {
        settle();
        Request request = client.send(Messages.promptSet(sessionId, objectId, cut, parts, add ? Boolean.TRUE : null, preview ? Boolean.TRUE : null,
            preview ? null : baseSeq(objectId), model));
        if (preview) return Follow.value(request, "looking at object " + objectId, onMask);
        Frame result = edit(request, "segmenting object " + objectId, objectId, onMask);
        if (result != null) objects.add(objectId);
        return result;
    }

    void removeObject(int objectId) throws Fault, InterruptedException {
        settle();
        if (edit(client.send(Messages.objectRemove(sessionId, objectId, baseSeq(objectId))), "removing object " + objectId, objectId, mask -> { }) == null) throw stopped();
        objects.remove(objectId);
        masks.values().removeIf(mask -> mask.objectId == objectId);
    }

    /** @param which undo or redo */
    Frame step(String which) throws Fault, InterruptedException {
        settle();
        Frame result = Follow.value(client.send(Messages.step(which, sessionId)), which, mask -> { });
        if (result == null) throw stopped();
        refresh();
        return result;
    }

    /** Sends a run, once an earlier one that was stopped has ended. */
    Request start(Frame message) throws Fault, InterruptedException {
        settle();
        return client.send(message);
    }

    /** The person went on before the server had stopped this run, which touched these objects. */
    void leave(Request request, Collection<Integer> ids) {
        stopping = request;
        stoppingObjects = ids;
    }

    /** What the server still does would have to be waited for. */
    boolean isStopping() {
        return stopping != null;
    }

    /** Before the next edit the run left behind must have ended: its last masks and its edit number belong to this session. */
    private void settle() throws Fault, InterruptedException {
        long until = System.nanoTime() + STOPPING_MS * 1_000_000;
        while (stopping != null) {
            if (System.nanoTime() > until) throw new Fault("still_stopping", "The server has not yet stopped the run that was cancelled.", "Wait a moment and repeat the command.");
            Frame next;
            try {
                next = stopping.poll(50);
            } catch (Fault ofTheStoppedRun) {
                stopping = null; // it ended all the same; a broken connection shows itself with the next message
                stale = true;
                return;
            }
            if (next == null) continue;
            if (next.type().equals("mask")) keep(Mask.of(next.map("mask")));
            if (!stopping.hasEnded()) continue;
            Frame end = next.has("value") ? next.map("value") : next;
            if (end.has("seq")) saw(stoppingObjects, end.integer("seq"));
            stopping = null;
            stale = true; // it may have made objects, or stored fewer masks than it sent
        }
    }

    /** An edit of our own that touched these objects: seen, so no conflict. */
    void saw(Collection<Integer> ids, int seq) {
        for (Integer id : ids) ownEdits.merge(id, seq, Math::max);
    }

    private Frame edit(Request request, String doing, int objectId, Follow.OnMask onMask) throws Fault, InterruptedException {
        Frame result;
        try {
            result = Follow.value(request, doing, mask -> {
                keep(mask);
                onMask.mask(mask);
            });
        } catch (Fault fault) {
            if (fault.code().equals("conflict")) refresh(); // so that the change can be seen, and a repeated edit is meant
            throw fault;
        }
        if (result != null) saw(Arrays.asList(objectId), result.integer("seq"));
        return result;
    }

    /** What this client has seen of the object: the last refresh, or its own later edit of it. Edits by others in between stay unseen. */
    private int baseSeq(int objectId) {
        return Math.max(seenSeq, ownEdits.getOrDefault(objectId, 0));
    }

    private static Fault stopped() {
        return new Fault("cancelled", "Stopped by Escape.", "");
    }
}
