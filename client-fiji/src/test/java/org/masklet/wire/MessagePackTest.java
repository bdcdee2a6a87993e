package org.masklet.wire;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import java.util.Arrays;
import java.util.Collections;
import org.junit.Test;

public class MessagePackTest {
    private static byte[] bytes(int... values) {
        byte[] made = new byte[values.length];
        for (int i = 0; i < made.length; i++) made[i] = (byte) values[i];
        return made;
    }

    private static void writes(Object value, int... expected) {
        assertArrayEquals(String.valueOf(value), bytes(expected), MessagePackWriter.write(value));
    }

    @Test
    public void numbersTakeTheShortestInteger() {
        writes(0, 0x00);
        writes(127, 0x7f);
        writes(128, 0xcc, 0x80);
        writes(256, 0xcd, 0x01, 0x00);
        writes(65536, 0xce, 0, 1, 0, 0);
        writes(4294967295L, 0xce, 0xff, 0xff, 0xff, 0xff);
        writes(-1, 0xff);
        writes(-32, 0xe0);
        writes(-33, 0xd0, 0xdf);
        writes(-129, 0xd1, 0xff, 0x7f);
        writes(-2147483648L, 0xd2, 0x80, 0, 0, 0);
    }

    @Test
    public void whatIsNoShortIntegerIsFloat64() {
        writes(20.0, 0x14);
        writes(0.5, 0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0);
        writes(1L << 40, 0xcb, 0x42, 0x70, 0, 0, 0, 0, 0, 0);
        writes(4294967296L, 0xcb, 0x41, 0xf0, 0, 0, 0, 0, 0, 0);
        writes(-2147483649L, 0xcb, 0xc1, 0xe0, 0, 0, 0, 0x20, 0, 0);
    }

    @Test
    public void headersAreTheShortest() {
        writes("", 0xa0);
        assertEquals(0xd9, MessagePackWriter.write(String.join("", Collections.nCopies(32, "a")))[0] & 0xff);
        assertEquals(0xda, MessagePackWriter.write(String.join("", Collections.nCopies(256, "a")))[0] & 0xff);
        writes(new byte[] {7}, 0xc4, 1, 7);
        assertEquals(0xc5, MessagePackWriter.write(new byte[256])[0] & 0xff);
        assertEquals(0xc6, MessagePackWriter.write(new byte[65536])[0] & 0xff);
        assertEquals(0xdc, MessagePackWriter.write(Collections.nCopies(16, 1))[0] & 0xff);
        writes(Arrays.asList(null, true, false), 0x93, 0xc0, 0xc3, 0xc2);
    }

    @Test
    public void anyNumericFormIsRead() throws Fault {
        assertEquals(5L, MessagePackReader.read(bytes(0xd3, 0, 0, 0, 0, 0, 0, 0, 5)));
        assertEquals(5L, MessagePackReader.read(bytes(0xcf, 0, 0, 0, 0, 0, 0, 0, 5)));
        assertEquals(18446744073709551615.0, (Double) MessagePackReader.read(bytes(0xcf, 255, 255, 255, 255, 255, 255, 255, 255)), 0);
        assertEquals(-2L, MessagePackReader.read(bytes(0xd1, 0xff, 0xfe)));
        assertEquals(0.5, (Double) MessagePackReader.read(bytes(0xca, 0x3f, 0, 0, 0)), 0);
        assertEquals("ä", MessagePackReader.read(bytes(0xdb, 0, 0, 0, 2, 0xc3, 0xa4)));
        assertEquals(Arrays.asList(1L), MessagePackReader.read(bytes(0xdd, 0, 0, 0, 1, 1)));
    }

    @Test
    public void brokenBytesAreFaultsAndTakeNoMemory() {
        int[][] broken = {
            {}, {0xc1}, {0xd4, 1, 2}, {0xc6, 0x7f, 0xff, 0xff, 0xff}, {0xdd, 0xff, 0xff, 0xff, 0xff}, {0xdf, 0x7f, 0xff, 0xff, 0xff},
            {0x81, 1, 1}, {0xa2, 0xc3}, {0xa1, 0xff}, {1, 2}, {0xcb, 0},
        };
        for (int[] each : broken) assertFault(bytes(each));
        byte[] deep = new byte[10_000];
        Arrays.fill(deep, (byte) 0x91);
        assertFault(deep);
    }

    private static void assertFault(byte[] broken) {
        try {
            MessagePackReader.read(broken);
        } catch (Fault fault) {
            assertEquals("frame_invalid", fault.code());
            return;
        }
        fail("read " + Arrays.toString(broken));
    }
}
