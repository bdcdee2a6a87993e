package org.masklet.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One object on one plane, as the server sends it. Axis z has (u,v) = (x,y); y has (x,z); x has (y,z). Indices are 0-based. */
public final class Mask {
    public final int objectId, index, t;
    public final String axis;
    public final double score;
    public final MaskBits bits;
    /** Why it is worth a look, as the protocol names it; none for most. */
    public final List<String> warnings;

    private Mask(Frame frame) throws Fault {
        objectId = frame.integer("objectId");
        axis = frame.text("axis");
        index = frame.integer("index");
        t = frame.integer("t");
        score = frame.number("score");
        bits = new MaskBits(frame.integers("box"), frame.binary("bits"));
        List<String> told = new ArrayList<>();
        if (frame.has("warnings")) for (Object warning : frame.list("warnings")) told.add(String.valueOf(warning));
        warnings = Collections.unmodifiableList(told);
        if (objectId < 1 || index < 0 || t < 0) throw Fault.frame("a mask names object " + objectId + ", index " + index + ", frame " + t);
    }

    private Mask(int objectId, int z, int t, double score, List<String> warnings, MaskBits bits) {
        this.objectId = objectId;
        this.axis = "z";
        this.index = z;
        this.t = t;
        this.score = score;
        this.bits = bits;
        this.warnings = warnings;
    }

    /** A mask on a z plane; z and t are 0-based. */
    public static Mask onSlice(int objectId, int z, int t, double score, List<String> warnings, MaskBits bits) {
        return new Mask(objectId, z, t, score, warnings, bits);
    }

    public static Mask of(Frame frame) throws Fault {
        return new Mask(frame);
    }

    /** Equal for two masks of one object on one plane: the later replaces the earlier. */
    public String key() {
        return objectId + "/" + axis + "/" + index + "/" + t;
    }
}
