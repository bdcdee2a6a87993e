package org.masklet.fiji;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;

/** Masks on planes of any axis as masks on slices, which are all that ImageJ can outline: one for each object, slice and frame. */
final class SliceMasks {
    private final int objectId, z, t;
    private int x0 = Integer.MAX_VALUE, y0 = Integer.MAX_VALUE, x1, y1;
    private double score = 1;
    private final TreeSet<String> warnings = new TreeSet<>();
    private byte[] pixels;

    private SliceMasks(int objectId, int z, int t) {
        this.objectId = objectId;
        this.z = z;
        this.t = t;
    }

    /**
     * Where all lie on slices they are handed back as they are. Else an object's masks that meet on a slice are joined, and their
     * lowest score holds. Reads each mask twice; memory is one byte for each pixel of the joined boxes.
     */
    static List<Mask> of(Collection<Mask> masks) throws Fault {
        boolean turned = false;
        for (Mask mask : masks) turned |= !mask.axis.equals("z");
        if (!turned) return new ArrayList<>(masks);
        Map<String, SliceMasks> slices = new LinkedHashMap<>();
        for (Mask mask : masks) visit(mask, slices, false);
        for (SliceMasks slice : slices.values()) slice.pixels = new byte[(slice.x1 - slice.x0) * (slice.y1 - slice.y0)];
        for (Mask mask : masks) visit(mask, slices, true);
        List<Mask> found = new ArrayList<>();
        for (SliceMasks slice : slices.values()) {
            MaskBits bits = MaskBits.pack(slice.pixels, slice.x0, slice.y0, slice.x1 - slice.x0, slice.y1 - slice.y0);
            found.add(Mask.onSlice(slice.objectId, slice.z, slice.t, slice.score, new ArrayList<>(slice.warnings), bits));
        }
        return found;
    }

    /** First the boxes, then the pixels. (u,v) = (x,y) for axis z, (x,z) for y, (y,z) for x. */
    private static void visit(Mask mask, Map<String, SliceMasks> slices, boolean paint) {
        SliceMasks slice = null;
        for (int v = 0; v < mask.bits.height; v++) {
            int b = mask.bits.v0 + v;
            for (int u = 0; u < mask.bits.width; u++) {
                if (!mask.bits.get(u, v)) continue;
                int a = mask.bits.u0 + u;
                int x = mask.axis.equals("x") ? mask.index : a;
                int y = mask.axis.equals("z") ? b : mask.axis.equals("y") ? mask.index : a;
                int z = mask.axis.equals("z") ? mask.index : b;
                if (slice == null || slice.z != z) {
                    slice = slices.computeIfAbsent(mask.objectId + "/" + z + "/" + mask.t, key -> new SliceMasks(mask.objectId, z, mask.t));
                    slice.warnings.addAll(mask.warnings);
                }
                if (paint) slice.pixels[(y - slice.y0) * (slice.x1 - slice.x0) + x - slice.x0] = 1;
                else slice.grow(x, y, mask.score);
            }
        }
    }

    private void grow(int x, int y, double score) {
        x0 = Math.min(x0, x);
        y0 = Math.min(y0, y);
        x1 = Math.max(x1, x + 1);
        y1 = Math.max(y1, y + 1);
        this.score = Math.min(this.score, score);
    }
}
