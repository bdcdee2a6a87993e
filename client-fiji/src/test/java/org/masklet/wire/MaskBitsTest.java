package org.masklet.wire;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class MaskBitsTest {
    /** Ten columns, so that a row takes two bytes and ends in six idle bits. */
    @Test
    public void rowsArePaddedToAByteMostSignificantBitFirst() throws Fault {
        byte[] pixels = {
            1, 0, 0, 0, 0, 0, 0, 0, 0, 1,
            0, 1, 0, 0, 0, 0, 0, 1, 1, 0,
        };
        MaskBits mask = MaskBits.pack(pixels, 4, 7, 10, 2);
        assertArrayEquals(new byte[] {(byte) 0x80, 0x40, 0x41, (byte) 0x80}, mask.toFrame().binary("bits"));
        assertArrayEquals(new int[] {4, 7, 14, 9}, mask.toFrame().integers("box"));
        assertEquals(5, mask.area());
        assertTrue(mask.get(9, 0));
        assertFalse(mask.get(0, 1));
    }

    @Test
    public void anEmptyBoxHasNoPixel() throws Fault {
        MaskBits mask = new MaskBits(new int[] {0, 0, 0, 0}, new byte[0]);
        assertTrue(mask.isEmpty());
        assertEquals(0, mask.area());
    }

    @Test(expected = Fault.class)
    public void bitsThatDoNotFillTheBoxAreRefused() throws Fault {
        new MaskBits(new int[] {0, 0, 2147483647, 2147483647}, new byte[4]);
    }
}
