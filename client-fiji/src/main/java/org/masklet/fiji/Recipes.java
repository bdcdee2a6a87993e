package org.masklet.fiji;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** The recipes a server tells of, what their steps can be told, and recipes of one's own, which are JSON files made of the same steps. */
final class Recipes {
    /** More than any recipe needs. */
    private static final long MAX_BYTES = 1 << 20;

    static final class Parameter {
        /** number, choice or flag; empty where the server tells of no such parameter. */
        final String type;
        final Object value;
        final List<String> choices;

        Parameter(String type, Object value, List<String> choices) {
            this.type = type;
            this.value = value;
            this.choices = choices;
        }
    }

    static final class Step {
        final String id;
        /** What is done, such as median. */
        final String kind;
        final Map<String, Parameter> parameters;

        Step(String id, String kind, Map<String, Parameter> parameters) {
            this.id = id;
            this.kind = kind;
            this.parameters = parameters;
        }
    }

    private final Map<String, List<Step>> byName = new LinkedHashMap<>();
    private final Map<String, Step> byKind = new LinkedHashMap<>();

    /** @param list the answer to recipes.list */
    Recipes(Frame list) throws Fault {
        for (Frame recipe : list.maps("recipes")) {
            List<Step> steps = new ArrayList<>();
            for (Frame step : recipe.maps("steps")) {
                Map<String, Parameter> parameters = new LinkedHashMap<>();
                for (Frame each : step.maps("parameters")) parameters.put(each.text("name"), parameter(each));
                Step made = new Step(step.text("id"), step.text("step"), parameters);
                steps.add(made);
                byKind.putIfAbsent(made.kind, made);
            }
            byName.put(recipe.text("name"), steps);
        }
    }

    private static Parameter parameter(Frame told) throws Fault {
        List<String> choices = new ArrayList<>();
        if (told.has("choices")) for (Object choice : told.list("choices")) choices.add(String.valueOf(choice));
        return new Parameter(told.text("type"), told.members().get("value"), choices);
    }

    List<String> names() {
        return new ArrayList<>(byName.keySet());
    }

    /** None for a name that the server does not tell of. */
    List<Step> steps(String name) {
        return byName.getOrDefault(name, Collections.<Step>emptyList());
    }

    /** Of a recipe of one's own: its values, and for those it leaves out the ones that a step of that kind has in the server's recipes. */
    List<Step> steps(Frame recipe) throws Fault {
        List<Step> steps = new ArrayList<>();
        for (Frame each : recipe.maps("steps")) {
            String kind = each.text("step");
            Step like = byKind.get(kind);
            Map<String, Parameter> parameters = new LinkedHashMap<>();
            if (like != null) parameters.putAll(like.parameters);
            for (Map.Entry<String, Object> member : each.members().entrySet()) {
                String name = member.getKey();
                if (name.equals("step") || name.equals("id")) continue;
                Parameter known = parameters.get(name);
                parameters.put(name, new Parameter(known == null ? "" : known.type, member.getValue(), known == null ? Collections.<String>emptyList() : known.choices));
            }
            steps.add(new Step(each.text("id", kind), kind, parameters));
        }
        return steps;
    }

    /** @throws Fault file_unreadable, or recipe_invalid when the file holds no recipe; what its steps may be is the server's to judge */
    static Frame read(String file) throws Fault {
        String text;
        try {
            Path path = Paths.get(file.trim());
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_BYTES) throw new Fault("file_unreadable", "\"" + file + "\" is no recipe file.", "Choose a JSON file with a name and steps.");
            text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new Fault("file_unreadable", "The recipe in " + file + " could not be read.", "Check its path and permissions.", e);
        }
        try {
            Frame recipe = Frame.ofJson(text);
            recipe.text("name");
            for (Frame step : recipe.maps("steps")) step.text("step");
            return recipe;
        } catch (Fault fault) {
            throw new Fault("recipe_invalid", file + " holds no recipe.", "A recipe is JSON such as {\"name\": \"mine\", \"steps\": [{\"step\": \"median\", \"radius\": 1}, ...]}.", fault);
        }
    }
}
