package org.masklet.fiji;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** Outlines in the order in which a person should look at them: those with a warning first, then the lowest score. */
final class WorstFirst {
    /** Facts about the picture rather than doubts about the outline. */
    private static final List<String> MILD = Arrays.asList("touches-edge", "window-moved");
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        REASONS.put("low-score", "the network is unsure");
        REASONS.put("area-jump", "its area jumps");
        REASONS.put("drift", "it drifts");
        REASONS.put("low-contrast", "little contrast");
        REASONS.put("gap", "not seen on a slice before it");
        REASONS.put("touches-edge", "it touches the edge");
        REASONS.put("window-moved", "the view moved");
    }

    private WorstFirst() {}

    static List<Mask> of(Collection<Mask> masks) throws Fault {
        List<Mask> ranked = new ArrayList<>(SliceMasks.of(masks));
        ranked.removeIf(mask -> mask.bits.isEmpty());
        ranked.sort(Comparator.comparing((Mask mask) -> MILD.containsAll(mask.warnings)).thenComparingDouble(mask -> mask.score)
            .thenComparingInt(mask -> mask.objectId).thenComparingInt(mask -> mask.t).thenComparingInt(mask -> mask.index));
        return ranked;
    }

    /** As a person reads it. */
    static String reason(Mask mask) {
        List<String> reasons = new ArrayList<>();
        for (String warning : mask.warnings) reasons.add(REASONS.getOrDefault(warning, warning));
        return reasons.isEmpty() ? "lowest score" : String.join(", ", reasons);
    }

    /** Tells an outline from others and from what it was before a correction. */
    static String mark(Mask mask) {
        return "<" + mask.key() + "/" + mask.score + "/" + mask.bits.area() + ">";
    }
}
