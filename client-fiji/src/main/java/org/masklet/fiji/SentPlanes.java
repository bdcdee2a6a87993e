package org.masklet.fiji;

import ij.ImagePlus;
import ij.ImageStack;
import ij.macro.Interpreter;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.masklet.wire.Fault;

/**
 * What was sent of an image, as one number a plane. The server asks for a plane once and keeps it, so that an edit made
 * after that would be segmented as if it had not happened. Lives as long as the image.
 */
final class SentPlanes {
    private static final String PROPERTY = "masklet.sent";
    private final Map<Integer, Integer> hashes = new ConcurrentHashMap<>();
    private volatile boolean touched;

    private SentPlanes() {}

    static SentPlanes of(ImagePlus image) {
        Object known = image.getProperty(PROPERTY);
        if (known instanceof SentPlanes) return (SentPlanes) known;
        SentPlanes made = new SentPlanes();
        image.setProperty(PROPERTY, made);
        return made;
    }

    /** For another image in the same window, as after Crop: nothing of it was sent. */
    static void forget(ImagePlus image) {
        image.setProperty(PROPERTY, null);
    }

    /** The image was drawn anew, and may have been edited before. */
    static void touch(ImagePlus image) {
        Object known = image.getProperty(PROPERTY);
        if (known instanceof SentPlanes) ((SentPlanes) known).touched = true;
    }

    void add(int at, Object pixels) {
        hashes.put(at, hash(pixels));
    }

    /**
     * Reads what was sent again, about a second for 10^9 voxels, where the image may have been edited. ImageJ does not tell
     * of edits in batch mode. The planes of a virtual stack are their files'.
     *
     * @throws Fault volume_changed
     */
    void check(ImagePlus image) throws Fault {
        if (!touched && !Interpreter.isBatchMode()) return;
        touched = false;
        ImageStack stack = image.getStack();
        if (stack.isVirtual()) return;
        for (Map.Entry<Integer, Integer> sent : hashes.entrySet()) {
            Object pixels = sent.getKey() <= stack.getSize() ? stack.getPixels(sent.getKey()) : null;
            if (pixels == null || hash(pixels) == sent.getValue()) continue;
            touched = true; // the next command looks again
            throw new Fault("volume_changed", "\"" + image.getTitle() + "\" was edited after its pixels were sent (slice " + image.convertIndexToPosition(sent.getKey())[1] + ").",
                "Undo the edit, or work on a copy: Image > Duplicate....");
        }
    }

    private static int hash(Object pixels) {
        if (pixels instanceof byte[]) return Arrays.hashCode((byte[]) pixels);
        if (pixels instanceof short[]) return Arrays.hashCode((short[]) pixels);
        if (pixels instanceof float[]) return Arrays.hashCode((float[]) pixels);
        return Arrays.hashCode((int[]) pixels);
    }
}
