package org.masklet.fiji;

import ij.ImagePlus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** What the fields of Masklet Classical 3D... say, taken apart. */
final class ClassicalOptions {
    static final String FILE = "file";
    static final String RESULT = "result";

    final String output;
    /** Sentences about what was said in vain. */
    final List<String> ignored = new ArrayList<>();
    private final Object recipe;
    private final Map<String, Object> set;
    private final int[] slices;
    private final String within, seeds, prompts, show;

    /**
     * @param told the fields by name
     * @throws Fault what a person can put right
     */
    ClassicalOptions(Map<String, String> told, Recipes recipes, ImagePlus image) throws Fault {
        String name = told.get("recipe").trim();
        String file = fileOf(told);
        Frame own = file == null ? null : Recipes.read(file);
        recipe = own == null ? name : own;
        Map<String, String> knobs = new LinkedHashMap<>(told);
        knobs.keySet().removeIf(key -> !Knobs.CHOICES.contains(key) && !Knobs.TEXTS.contains(key));
        set = Knobs.set(knobs, told.get("set"), own == null ? recipes.steps(name) : recipes.steps(own), ignored);
        slices = SliceRange.of(Double.parseDouble(told.get("first")), Double.parseDouble(told.get("last")), image, "z");
        within = told.get("within");
        seeds = told.get("seeds");
        prompts = told.get("prompts");
        output = told.get("output");
        show = told.get("show");
    }

    /** The recipe's file: in the field of that name, or, as a macro may say it, in place of a recipe's name. Null for a recipe of the server's. */
    static String fileOf(Map<String, String> told) {
        String name = told.get("recipe").trim();
        if (name.equals(FILE)) return told.get("file");
        return name.endsWith(".json") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 ? name : null;
    }

    /** @param look for one slice alone, without an edit */
    Frame message(ImageSession session, ImagePlus image, boolean look) throws Fault, InterruptedException {
        int[] box = GridOptions.region(image);
        int[] y = box == null ? null : new int[] {box[1], box[3]};
        int[] x = box == null ? null : new int[] {box[0], box[2]};
        Frame preview = look ? Messages.look(image.getZ() - 1, show.equals(RESULT) ? null : show) : null;
        return Messages.classicalRun(session.sessionId, recipe, set, Messages.region(slices, y, x), image.getT() - 1, Command.channel(image),
            ids(session, within), ids(session, seeds), prompts, preview);
    }

    /** Null for none; {@code all} are those that the session has. */
    private static List<Integer> ids(ImageSession session, String text) throws Fault, InterruptedException {
        if (text.trim().isEmpty()) return null;
        List<Integer> ids = ObjectIds.parse(text);
        if (ids != null) return ids;
        session.refreshIfStale();
        if (session.objects().isEmpty()) throw new Fault("objects_invalid", "This image has no masklets yet.", "Leave within and seeds empty.");
        return new ArrayList<>(session.objects());
    }
}
