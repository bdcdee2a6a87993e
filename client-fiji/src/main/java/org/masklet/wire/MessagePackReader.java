package org.masklet.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads any MessagePack without extensions, whatever numeric form was chosen. Gives null, Boolean, Long, Double,
 * String, byte[], List and LinkedHashMap. Counts and lengths are checked against the bytes that are there before
 * memory is taken.
 */
public final class MessagePackReader {
    /** Our deepest message has six levels; a hostile one must not end in a stack overflow. */
    private static final int MAX_DEPTH = 32;

    private final ByteBuffer in;

    private MessagePackReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    /** @throws Fault frame_invalid when the bytes are not exactly one value */
    public static Object read(byte[] bytes) throws Fault {
        MessagePackReader reader = new MessagePackReader(bytes);
        Object value = reader.any(0);
        if (reader.in.hasRemaining()) throw Fault.frame(reader.in.remaining() + " bytes follow the message");
        return value;
    }

    private Object any(int depth) throws Fault {
        if (depth > MAX_DEPTH) throw Fault.frame("it is nested deeper than " + MAX_DEPTH);
        int head = (int) unsigned(1);
        if (head < 0x80) return (long) head;
        if (head < 0x90) return map(head & 0x0f, depth);
        if (head < 0xa0) return list(head & 0x0f, depth);
        if (head < 0xc0) return string(head & 0x1f);
        if (head >= 0xe0) return (long) (byte) head;
        switch (head) {
            case 0xc0: return null;
            case 0xc2: return Boolean.FALSE;
            case 0xc3: return Boolean.TRUE;
            case 0xc4: return binary(unsigned(1));
            case 0xc5: return binary(unsigned(2));
            case 0xc6: return binary(unsigned(4));
            case 0xca: return (double) Float.intBitsToFloat((int) unsigned(4));
            case 0xcb: return Double.longBitsToDouble(unsigned(8));
            case 0xcc: return unsigned(1);
            case 0xcd: return unsigned(2);
            case 0xce: return unsigned(4);
            case 0xcf: return uint64();
            case 0xd0: return (long) (byte) unsigned(1);
            case 0xd1: return (long) (short) unsigned(2);
            case 0xd2: return (long) (int) unsigned(4);
            case 0xd3: return unsigned(8);
            case 0xd9: return string(unsigned(1));
            case 0xda: return string(unsigned(2));
            case 0xdb: return string(unsigned(4));
            case 0xdc: return list(unsigned(2), depth);
            case 0xdd: return list(unsigned(4), depth);
            case 0xde: return map(unsigned(2), depth);
            case 0xdf: return map(unsigned(4), depth);
            default: throw Fault.frame("byte 0x" + Integer.toHexString(head) + " is an extension or unused");
        }
    }

    private Object uint64() throws Fault {
        long bits = unsigned(8);
        if (bits >= 0) return bits;
        return (bits >>> 1) * 2.0 + (bits & 1);
    }

    private long unsigned(int size) throws Fault {
        have(size);
        long value = 0;
        for (int i = 0; i < size; i++) value = value << 8 | in.get() & 0xff;
        return value;
    }

    private void have(long size) throws Fault {
        if (size > in.remaining()) throw Fault.frame("it ends " + (size - in.remaining()) + " bytes early");
    }

    private byte[] binary(long size) throws Fault {
        have(size);
        byte[] bytes = new byte[(int) size];
        in.get(bytes);
        return bytes;
    }

    private String string(long size) throws Fault {
        byte[] bytes = binary(size);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw Fault.frame("a text is not UTF-8");
        }
    }

    private List<Object> list(long size, int depth) throws Fault {
        have(size); // every element has at least one byte
        List<Object> values = new ArrayList<>((int) size);
        for (long i = 0; i < size; i++) values.add(any(depth + 1));
        return values;
    }

    private Map<String, Object> map(long size, int depth) throws Fault {
        have(2 * size);
        Map<String, Object> members = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
            Object key = any(depth + 1);
            if (!(key instanceof String)) throw Fault.frame("a map has a key that is no text");
            members.put((String) key, any(depth + 1));
        }
        return members;
    }
}
