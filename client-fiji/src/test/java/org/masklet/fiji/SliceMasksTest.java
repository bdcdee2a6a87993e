package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.Test;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;

public class SliceMasksTest {
    private static Mask mask(int objectId, String axis, int index, int t, double score, MaskBits bits) throws Exception {
        Frame frame = Frame.empty().with("objectId", objectId).with("axis", axis).with("index", index).with("t", t).with("score", score);
        frame.with("box", bits.toFrame().list("box")).with("bits", bits.toFrame().binary("bits"));
        return Mask.of(frame);
    }

    @Test
    public void masksOnSlicesStayAsTheyAre() throws Exception {
        List<Mask> masks = Arrays.asList(Mask.onSlice(1, 2, 0, 0.5, Collections.<String>emptyList(), MaskBits.pack(new byte[] {1}, 3, 4, 1, 1)));
        assertEquals(masks, SliceMasks.of(masks));
    }

    @Test
    public void masksAlongYAndXMeetOnTheirSlices() throws Exception {
        // Object 7: the plane y = 5 has (x, z) = (3, 1), (4, 1) and (4, 2); the plane x = 6 has (y, z) = (8, 2).
        Mask alongY = mask(7, "y", 5, 1, 0.75, MaskBits.pack(new byte[] {1, 1, 0, 1}, 3, 1, 2, 2));
        Mask alongX = mask(7, "x", 6, 1, 0.5, MaskBits.pack(new byte[] {1}, 8, 2, 1, 1));
        Mask onSlice = Mask.onSlice(9, 2, 1, 0.25, Arrays.asList("drift"), MaskBits.pack(new byte[] {1}, 0, 0, 1, 1));
        List<Mask> found = SliceMasks.of(Arrays.asList(alongY, alongX, onSlice));
        assertEquals(3, found.size());
        Mask first = found.get(0);
        assertEquals("7/z/1/1", first.key());
        assertEquals(Arrays.asList(3, 5, 5, 6), first.bits.toFrame().list("box"));
        assertEquals(2, first.bits.area());
        assertEquals(0.75, first.score, 0);
        Mask joined = found.get(1);
        assertEquals("7/z/2/1", joined.key());
        assertEquals(Arrays.asList(4, 5, 7, 9), joined.bits.toFrame().list("box"));
        assertEquals(2, joined.bits.area());
        assertTrue(joined.bits.get(0, 0));
        assertTrue(joined.bits.get(2, 3));
        assertFalse(joined.bits.get(2, 0));
        assertEquals(0.5, joined.score, 0);
        assertEquals("9/z/2/1", found.get(2).key());
        assertEquals(Arrays.asList("drift"), found.get(2).warnings);
    }
}
