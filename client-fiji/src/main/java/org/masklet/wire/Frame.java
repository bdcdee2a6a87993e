package org.masklet.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One map of the wire: a message, or a value inside one. Members keep the order in which they were added, so builders
 * add them in the order of the schema. Reading checks: a member that is missing or of another kind is a fault, not null.
 */
public final class Frame {
    private final Map<String, Object> members;

    private Frame(Map<String, Object> members) {
        this.members = members;
    }

    public static Frame empty() {
        return new Frame(new LinkedHashMap<String, Object>());
    }

    public static Frame message(String t) {
        return empty().with("t", t);
    }

    /** Adds a member; null leaves it out, as absent optional members are. */
    public Frame with(String key, Object value) {
        if (value != null) members.put(key, value instanceof Frame ? ((Frame) value).members : value);
        return this;
    }

    public byte[] encode() {
        return MessagePackWriter.write(members);
    }

    /** @throws Fault frame_invalid when the bytes are not one map with a text member {@code t} */
    public static Frame decode(byte[] bytes) throws Fault {
        Frame frame = of(MessagePackReader.read(bytes), "the message");
        frame.text("t");
        return frame;
    }

    /** @throws Fault frame_invalid when the text is not one JSON object */
    public static Frame ofJson(String text) throws Fault {
        return of(Json.read(text), "the text");
    }

    static Frame of(Object value, String what) throws Fault {
        if (!(value instanceof Map)) throw Fault.frame(what + " is no map");
        Map<String, Object> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) members.put(String.valueOf(member.getKey()), member.getValue());
        return new Frame(members);
    }

    public String type() throws Fault {
        return text("t");
    }

    public boolean has(String key) {
        return members.get(key) != null;
    }

    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    public String text(String key) throws Fault {
        return as(key, String.class, "text");
    }

    public String text(String key, String otherwise) throws Fault {
        return has(key) ? text(key) : otherwise;
    }

    public byte[] binary(String key) throws Fault {
        return as(key, byte[].class, "binary");
    }

    public double number(String key) throws Fault {
        return as(key, Number.class, "number").doubleValue();
    }

    public double number(String key, double otherwise) throws Fault {
        return has(key) ? number(key) : otherwise;
    }

    public int integer(String key) throws Fault {
        return integer(as(key, Number.class, "number"), key);
    }

    public int integer(String key, int otherwise) throws Fault {
        return has(key) ? integer(key) : otherwise;
    }

    /** Ids go up to 2^32-1. */
    public long id() throws Fault {
        return has("id") ? as("id", Number.class, "number").longValue() : 0;
    }

    public Frame map(String key) throws Fault {
        return of(as(key, Map.class, "map"), key);
    }

    public List<Frame> maps(String key) throws Fault {
        List<Frame> found = new ArrayList<>();
        for (Object value : list(key)) found.add(of(value, "an element of " + key));
        return found;
    }

    public int[] integers(String key) throws Fault {
        List<?> values = list(key);
        int[] found = new int[values.size()];
        for (int i = 0; i < found.length; i++) {
            if (!(values.get(i) instanceof Number)) throw Fault.frame(key + "[" + i + "] is no number");
            found[i] = integer((Number) values.get(i), key);
        }
        return found;
    }

    public List<?> list(String key) throws Fault {
        return as(key, List.class, "list");
    }

    private static int integer(Number value, String key) throws Fault {
        double number = value.doubleValue();
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) throw Fault.frame(key + " is no whole number in range");
        return (int) number;
    }

    private <T> T as(String key, Class<T> kind, String name) throws Fault {
        Object value = members.get(key);
        if (!kind.isInstance(value)) throw Fault.frame("its member \"" + key + "\" is " + (value == null ? "missing" : "no " + name));
        return kind.cast(value);
    }
}
