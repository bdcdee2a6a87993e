package org.masklet.wire;

import java.util.List;

/**
 * The client's messages, members in the order of protocol/openapi.yaml. A null argument is an absent member.
 * Requests are made without their id; LiveClient fills it in.
 */
public final class Messages {
    public static final int PROTOCOL = 1;

    private Messages() {}

    private static Frame request(String t) {
        return Frame.message(t).with("id", 0); // holds the place in the order
    }

    public static Frame hello(String client) {
        return request("hello").with("protocol", PROTOCOL).with("client", client).with("masks", "bits");
    }

    /** @param declaration from {@link #declaration} */
    public static Frame volumeOpen(Frame declaration) {
        return request("volume.open").with("volume", declaration);
    }

    /** @param spacingZyxUm micrometres, null when the image is not calibrated */
    public static Frame declaration(String name, int[] shapeTczyx, String dtype, Boolean rgb, double[] spacingZyxUm, List<Double> displayRange, String identity) {
        Frame shape = Frame.empty().with("t", shapeTczyx[0]).with("c", shapeTczyx[1]).with("z", shapeTczyx[2]).with("y", shapeTczyx[3]).with("x", shapeTczyx[4]);
        Frame spacing = spacingZyxUm == null ? null : Frame.empty().with("z", spacingZyxUm[0]).with("y", spacingZyxUm[1]).with("x", spacingZyxUm[2]);
        return Frame.empty().with("name", name).with("shape", shape).with("dtype", dtype).with("rgb", rgb).with("spacing", spacing)
            .with("displayRange", displayRange).with("identity", identity);
    }

    static Frame slicePut(String volumeId, int t, int c, int z, byte[] data) {
        return Frame.message("slice.put").with("volumeId", volumeId)
            .with("plane", Frame.empty().with("t", t).with("c", c).with("z", z)).with("data", data);
    }

    /** A z plane; t and c are 0-based. */
    public static Frame cut(int z, int t, int c) {
        return Frame.empty().with("axis", "z").with("index", z).with("t", t).with("c", c);
    }

    /** @param parts any of box, points, polygon, mask */
    public static Frame promptSet(String sessionId, int objectId, Frame cut, Frame parts, Boolean add, Boolean preview, Integer baseSeq) {
        return request("prompt.set").with("sessionId", sessionId).with("objectId", objectId).with("cut", cut)
            .with("box", parts.members().get("box")).with("points", parts.members().get("points"))
            .with("polygon", parts.members().get("polygon")).with("mask", parts.members().get("mask"))
            .with("add", add).with("preview", preview).with("baseSeq", baseSeq);
    }

    public static Frame objectRemove(String sessionId, int objectId, Integer baseSeq) {
        return request("object.remove").with("sessionId", sessionId).with("objectId", objectId).with("baseSeq", baseSeq);
    }

    /** @param which undo or redo */
    public static Frame step(String which, String sessionId) {
        return request(which).with("sessionId", sessionId);
    }

    /**
     * @param objects null for all with a prompt
     * @param range 0-based and half-open {start, end}, null for the whole axis
     */
    public static Frame propagate(String sessionId, List<Integer> objects, String along, int[] range, String direction, String model) {
        Frame span = range == null ? null : Frame.empty().with("start", range[0]).with("end", range[1]);
        return request("propagate").with("sessionId", sessionId).with("objects", objects).with("along", along).with("range", span)
            .with("direction", direction).with("model", model);
    }

    /** Each stored mask as one `mask` message. */
    public static Frame planesGet(String sessionId, List<Integer> objects) {
        return request("labels.get").with("sessionId", sessionId).with("as", "planes").with("objects", objects);
    }
}
