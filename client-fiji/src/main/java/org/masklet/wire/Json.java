package org.masklet.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON for error bodies, for the few HTTP answers read here, and for what scripts are told. Same values as MessagePackReader. */
public final class Json {
    private static final int MAX_DEPTH = 64;
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** @throws Fault frame_invalid when the text is not one JSON value */
    public static Object read(String text) throws Fault {
        Json json = new Json(text);
        Object value = json.any(0);
        if (json.peek() != 0) throw json.bad("more follows");
        return value;
    }

    private Object any(int depth) throws Fault {
        if (depth > MAX_DEPTH) throw bad("it is nested too deeply");
        char first = peek();
        if (first == '{') return map(depth);
        if (first == '[') return list(depth);
        if (first == '"') return string();
        if (take("true")) return Boolean.TRUE;
        if (take("false")) return Boolean.FALSE;
        if (take("null")) return null;
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String number = text.substring(start, at);
        try {
            return number.matches("-?\\d{1,18}") ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw bad("no value");
        }
    }

    private Map<String, Object> map(int depth) throws Fault {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        if (take("}")) return members;
        do {
            if (peek() != '"') throw bad("no key");
            String key = string();
            if (!take(":")) throw bad("no colon");
            members.put(key, any(depth + 1));
        } while (take(","));
        if (!take("}")) throw bad("no closing brace");
        return members;
    }

    private List<Object> list(int depth) throws Fault {
        List<Object> values = new ArrayList<>();
        at++;
        if (take("]")) return values;
        do values.add(any(depth + 1)); while (take(","));
        if (!take("]")) throw bad("no closing bracket");
        return values;
    }

    private String string() throws Fault {
        StringBuilder found = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return found.toString();
            }
            found.append(c == '\\' ? escaped() : c);
        }
        throw bad("a text has no end");
    }

    private char escaped() throws Fault {
        char c = ++at < text.length() ? text.charAt(at) : 0;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
        if (c != 'u' || at + 4 >= text.length()) throw bad("an unknown escape");
        try {
            char code = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
            return code;
        } catch (NumberFormatException e) {
            throw bad("an unknown escape");
        }
    }

    private char peek() {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(String token) {
        peek();
        if (!text.startsWith(token, at)) return false;
        at += token.length();
        return true;
    }

    private Fault bad(String why) {
        return Fault.frame("its JSON is broken at character " + at + " (" + why + ")");
    }

    /** Binary is written as its length alone; it has no place in JSON here. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map) {
            char before = '{';
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                out.append(before);
                quote(String.valueOf(member.getKey()), out);
                write(member.getValue(), out.append(':'));
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else if (value instanceof Collection) {
            char before = '[';
            for (Object element : (Collection<?>) value) {
                write(element, out.append(before));
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else if (value instanceof Number) {
            double number = ((Number) value).doubleValue();
            boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
            out.append(whole ? Long.toString((long) number) : Double.isNaN(number) || Double.isInfinite(number) ? "null" : Double.toString(number));
        } else if (value instanceof byte[]) out.append(((byte[]) value).length);
        else if (value == null || value instanceof Boolean) out.append(value);
        else quote(value.toString(), out);
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }
}
