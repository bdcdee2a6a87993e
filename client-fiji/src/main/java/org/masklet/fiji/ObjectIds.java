package org.masklet.fiji;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.masklet.wire.Fault;

/** Objects as options name them: {@code all}, or ids and ranges such as {@code 1,3,7-9}; and one object: an id or {@code next}. */
final class ObjectIds {
    /** The protocol's highest id. */
    static final int MAX = 1 << 24;
    /** A range is written out; this many ids fit any real session. */
    private static final int MAX_LISTED = 100_000;

    private ObjectIds() {}

    /** Ascending ids; null for all. */
    static List<Integer> parse(String text) throws Fault {
        String written = text.trim().toLowerCase(java.util.Locale.ROOT);
        if (written.isEmpty() || written.equals("all")) return null;
        TreeSet<Integer> ids = new TreeSet<>();
        for (String part : written.split("[,;]")) {
            String[] ends = part.trim().split("-", 2);
            int first = one(ends[0], text);
            int last = ends.length == 1 ? first : one(ends[1], text);
            if (last < first || last - first > MAX_LISTED) throw bad(text);
            for (int id = first; id <= last; id++) ids.add(id);
        }
        return Collections.unmodifiableList(new ArrayList<>(ids));
    }

    /** 0 for the next free id ({@code next} or 0). */
    static int single(String text) throws Fault {
        String written = text.trim();
        return written.equalsIgnoreCase("next") || written.equals("0") ? 0 : one(written, text);
    }

    private static int one(String digits, String text) throws Fault {
        if (!digits.trim().matches("\\d{1,8}")) throw bad(text);
        int id = Integer.parseInt(digits.trim());
        if (id < 1 || id > MAX) throw bad(text);
        return id;
    }

    private static Fault bad(String text) {
        return new Fault("objects_invalid", "\"" + text + "\" names no objects.", "Write all, or ids from 1 to " + MAX + " such as 1,3,7-9.");
    }
}
