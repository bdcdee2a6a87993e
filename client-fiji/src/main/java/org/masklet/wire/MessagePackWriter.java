package org.masklet.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;

/**
 * Writes the canonical form: shortest headers, integral numbers from -2^31 to 2^32-1 as the shortest integer, all
 * other numbers as float64, no extensions, map keys in the map's own order.
 * Takes null, Boolean, Number, String, byte[], Collection and Map with String keys.
 */
public final class MessagePackWriter {
    private final ByteArrayOutputStream out;

    private MessagePackWriter(int sizeHint) {
        out = new ByteArrayOutputStream(sizeHint);
    }

    public static byte[] write(Object value) {
        MessagePackWriter writer = new MessagePackWriter(256);
        writer.any(value);
        return writer.out.toByteArray();
    }

    private void any(Object value) {
        if (value == null) out.write(0xc0);
        else if (value instanceof Boolean) out.write((Boolean) value ? 0xc3 : 0xc2);
        else if (value instanceof Number) number(((Number) value).doubleValue());
        else if (value instanceof String) string((String) value);
        else if (value instanceof byte[]) binary((byte[]) value);
        else if (value instanceof Collection) list((Collection<?>) value);
        else if (value instanceof Map) map((Map<?, ?>) value);
        else throw new IllegalArgumentException("no MessagePack form for " + value.getClass());
    }

    private void number(double value) {
        boolean integral = value == Math.rint(value) && value >= -2147483648.0 && value <= 4294967295.0;
        if (!integral) {
            out.write(0xcb);
            bytes(Double.doubleToLongBits(value), 8);
            return;
        }
        long whole = (long) value;
        if (whole >= 0) {
            if (whole < 0x80) out.write((int) whole);
            else if (whole < 0x100) sized(0xcc, whole, 1);
            else if (whole < 0x10000) sized(0xcd, whole, 2);
            else sized(0xce, whole, 4);
        } else if (whole >= -0x20) out.write((int) whole);
        else if (whole >= -0x80) sized(0xd0, whole, 1);
        else if (whole >= -0x8000) sized(0xd1, whole, 2);
        else sized(0xd2, whole, 4);
    }

    private void string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 0x20) out.write(0xa0 | utf8.length);
        else if (utf8.length < 0x100) sized(0xd9, utf8.length, 1);
        else if (utf8.length < 0x10000) sized(0xda, utf8.length, 2);
        else sized(0xdb, utf8.length, 4);
        out.write(utf8, 0, utf8.length);
    }

    private void binary(byte[] value) {
        if (value.length < 0x100) sized(0xc4, value.length, 1);
        else if (value.length < 0x10000) sized(0xc5, value.length, 2);
        else sized(0xc6, value.length, 4);
        out.write(value, 0, value.length);
    }

    private void list(Collection<?> values) {
        header(values.size(), 0x90, 0xdc);
        for (Object value : values) any(value);
    }

    private void map(Map<?, ?> members) {
        header(members.size(), 0x80, 0xde);
        for (Map.Entry<?, ?> member : members.entrySet()) {
            string((String) member.getKey());
            any(member.getValue());
        }
    }

    private void header(int size, int shortest, int sixteen) {
        if (size < 0x10) out.write(shortest | size);
        else if (size < 0x10000) sized(sixteen, size, 2);
        else sized(sixteen + 1, size, 4);
    }

    private void sized(int head, long value, int size) {
        out.write(head);
        bytes(value, size);
    }

    private void bytes(long value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out.write((int) (value >>> shift));
    }
}
