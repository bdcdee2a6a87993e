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
    public void anAreaIsAddedOrTakenOff() throws Fault {
        MaskBits row = MaskBits.pack(new byte[] {1, 1, 1}, 4, 7, 3, 1);
        MaskBits column = MaskBits.pack(new byte[] {1, 1, 1}, 5, 6, 1, 3);
        MaskBits both = row.with(column, true);
        assertArrayEquals(new int[] {4, 6, 7, 9}, both.toFrame().integers("box"));
        assertArrayEquals(new byte[] {0x40, (byte) 0xe0, 0x40}, both.toFrame().binary("bits"));
        MaskBits rest = row.with(column, false);
        assertArrayEquals(new int[] {4, 7, 7, 8}, rest.toFrame().integers("box"));
        assertArrayEquals(new byte[] {(byte) 0xa0}, rest.toFrame().binary("bits"));
        MaskBits nothing = new MaskBits(new int[] {0, 0, 0, 0}, new byte[0]);
        assertEquals(3, nothing.with(column, true).area());
        assertEquals(0, nothing.with(column, false).area());
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
