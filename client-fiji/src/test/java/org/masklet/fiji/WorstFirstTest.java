package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;

public class WorstFirstTest {
    private static Mask mask(int objectId, int z, double score, String... warnings) throws Fault {
        return Mask.onSlice(objectId, z, 0, score, Arrays.asList(warnings), MaskBits.pack(new byte[] {1, 1}, 3, 4, 2, 1));
    }

    @Test
    public void warningsComeFirstThenTheLowestScore() throws Fault {
        List<String> order = new ArrayList<>();
        for (Mask mask : WorstFirst.of(Arrays.asList(mask(1, 0, 0.9), mask(1, 1, 0.6), mask(2, 0, 0.95, "area-jump"), mask(2, 1, 0.5, "touches-edge"), mask(3, 0, 0.8, "drift", "touches-edge"), mask(1, 2, 0.6)))) {
            order.add(mask.objectId + "/" + mask.index);
        }
        assertEquals(Arrays.asList("3/0", "2/0", "2/1", "1/1", "1/2", "1/0"), order);
    }

    @Test
    public void reasonsAreWords() throws Fault {
        assertEquals("it drifts, it touches the edge", WorstFirst.reason(mask(1, 0, 0.5, "drift", "touches-edge")));
        assertEquals("lowest score", WorstFirst.reason(mask(1, 0, 0.5)));
        assertEquals("what a later server says", WorstFirst.reason(mask(1, 0, 0.5, "what a later server says")));
    }

    @Test
    public void aCorrectedOutlineIsAnotherOne() throws Fault {
        assertEquals(WorstFirst.mark(mask(1, 0, 0.5)), WorstFirst.mark(mask(1, 0, 0.5)));
        assertNotEquals(WorstFirst.mark(mask(1, 0, 0.5)), WorstFirst.mark(mask(1, 0, 0.75)));
    }
}
