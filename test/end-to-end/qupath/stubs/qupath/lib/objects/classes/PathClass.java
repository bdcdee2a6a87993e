package qupath.lib.objects.classes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One instance a name, as in QuPath; the first colour given stays. */
public final class PathClass {
    private static final Map<String, PathClass> KNOWN = new ConcurrentHashMap<>();
    private final String name;
    private final Integer color;

    private PathClass(String name, Integer color) {
        this.name = name;
        this.color = color;
    }

    public static PathClass fromString(String name, Integer color) {
        return KNOWN.computeIfAbsent(name, key -> new PathClass(key, color));
    }

    public String getName() {
        return name.substring(name.lastIndexOf(": ") < 0 ? 0 : name.lastIndexOf(": ") + 2);
    }

    public Integer getColor() {
        return color;
    }

    @Override
    public String toString() {
        return name;
    }
}
