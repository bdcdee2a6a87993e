package org.masklet.fiji;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Json;

/** The values of a recipe that people turn most, by the names they have in the dialog, and those that are named as {@code step.parameter=value}. */
final class Knobs {
    /** A knob of a choice is left as the recipe has it. One of a text says the same with nothing. */
    static final String RECIPE = "recipe";
    static final List<String> CHOICES = Arrays.asList("polarity", "rings", "split");
    static final List<String> TEXTS = Arrays.asList("h", "sigma", "rise", "low", "high", "minVolume");

    private Knobs() {}

    /** What the knob sets in a recipe, as {@code step.parameter}; none where the recipe has nothing of that sort. minVolume is each step's. */
    static Map<String, Recipes.Parameter> targets(String knob, List<Recipes.Step> steps) {
        Map<String, Recipes.Parameter> found = new LinkedHashMap<>();
        for (Recipes.Step step : steps) {
            for (Map.Entry<String, Recipes.Parameter> each : step.parameters.entrySet()) {
                if (is(knob, step.kind, each.getKey()) && (found.isEmpty() || knob.equals("minVolume"))) found.put(step.id + "." + each.getKey(), each.getValue());
            }
        }
        return found;
    }

    private static boolean is(String knob, String kind, String parameter) {
        switch (knob) {
            case "rings": return kind.equals("rings") && parameter.equals("correct");
            case "split": return kind.equals("split") && parameter.equals("method");
            case "sigma": return kind.equals("split") && parameter.equals("sigma"); // filters have a sigma too
            case "polarity": return kind.equals("polarity") && parameter.equals("particles");
            default: return parameter.equals(knob);
        }
    }

    /** The recipe's own value as the field shows it; where its steps disagree, as it would be left alone. */
    static String shown(String knob, List<Recipes.Step> steps) {
        String shown = null;
        for (Recipes.Parameter target : targets(knob, steps).values()) {
            String text = text(knob, target.value);
            if (shown != null && !shown.equals(text)) return untouched(knob);
            shown = text;
        }
        return shown == null ? untouched(knob) : shown;
    }

    private static String untouched(String knob) {
        return CHOICES.contains(knob) ? RECIPE : "";
    }

    private static String text(String knob, Object value) {
        if (value instanceof Boolean) return (Boolean) value ? "on" : "off";
        return value instanceof Number ? Json.write(value) : String.valueOf(value);
    }

    /** What a knob of a choice may be, first of all what the recipe has. */
    static List<String> items(String knob, List<Recipes.Step> steps) {
        List<String> items = new ArrayList<>();
        items.add(RECIPE);
        for (Recipes.Parameter target : targets(knob, steps).values()) items.addAll(target.type.equals("flag") ? Arrays.asList("on", "off") : target.choices);
        return items;
    }

    /**
     * The members of {@code set}.
     *
     * @param told by knob, as the fields say it
     * @param more {@code step.parameter=value}, parted by spaces or commas; holds before the knobs
     * @param ignored is added a sentence for each knob that the recipe has not
     */
    static Map<String, Object> set(Map<String, String> told, String more, List<Recipes.Step> steps, List<String> ignored) throws Fault {
        Map<String, Object> set = new LinkedHashMap<>();
        for (Map.Entry<String, String> knob : told.entrySet()) {
            String text = knob.getValue().trim();
            if (text.isEmpty() || text.equals(RECIPE)) continue;
            Map<String, Recipes.Parameter> targets = targets(knob.getKey(), steps);
            if (targets.isEmpty() && !steps.isEmpty()) ignored.add("This recipe has no " + knob.getKey() + "; " + text + " was not used.");
            for (Map.Entry<String, Recipes.Parameter> target : targets.entrySet()) set.put(target.getKey(), value(knob.getKey(), text, target.getValue()));
        }
        for (String each : more.trim().split("[\\s,;]+")) {
            if (each.isEmpty()) continue;
            int at = each.indexOf('=') >= 0 ? each.indexOf('=') : each.indexOf(':');
            String name = at < 0 ? "" : each.substring(0, at);
            if (!name.matches(".+\\..+") || at + 1 == each.length()) {
                throw new Fault("options_invalid", "\"" + each + "\" sets nothing.", "Write step.parameter=value, such as threshold.low=3 split.h=0.5.");
            }
            set.put(name, value(name, each.substring(at + 1), parameter(name, steps)));
        }
        return set;
    }

    private static Recipes.Parameter parameter(String name, List<Recipes.Step> steps) {
        for (Recipes.Step step : steps) {
            if (!name.startsWith(step.id + ".")) continue;
            Recipes.Parameter found = step.parameters.get(name.substring(step.id.length() + 1));
            if (found != null) return found;
        }
        return new Recipes.Parameter("", null, new ArrayList<>());
    }

    /** As the parameter's type asks; by its looks where the type is not known, which the server then judges. */
    private static Object value(String name, String text, Recipes.Parameter parameter) throws Fault {
        boolean number = text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
        boolean yes = text.equals("on") || text.equals("true") || text.equals("yes");
        boolean flag = yes || text.equals("off") || text.equals("false") || text.equals("no");
        if (parameter.type.equals("choice")) return text;
        if (parameter.type.equals("number") && !number) throw new Fault("options_invalid", name + " must be a number, not \"" + text + "\".", "");
        if (parameter.type.equals("flag") && !flag) throw new Fault("options_invalid", name + " must be on or off, not \"" + text + "\".", "");
        if (number) return Double.valueOf(text);
        boolean isFlag = parameter.type.equals("flag") || text.equals("true") || text.equals("false");
        return isFlag ? (Object) yes : text;
    }
}
