package org.masklet.fiji;

import ij.Macro;
import ij.Prefs;
import ij.gui.GenericDialog;
import java.util.ArrayList;
import java.util.List;
import org.masklet.wire.Fault;

/**
 * The option {@code model}: {@code auto}, or the id of a model. A macro may name any; the server says when it has none of that id.
 * Where nothing is named, it is the one of Masklet Choose Model....
 */
final class ModelChoice {
    static final String AUTO = "auto";
    private static final String CHOSEN = "masklet.model";
    /** Of this ImageJ; null until somebody chose. */
    private static volatile String here;

    private ModelChoice() {}

    /** For a person it lists what the server has installed, and connects for that. */
    static void add(GenericDialog dialog) throws Fault, InterruptedException {
        if (Macro.getOptions() == null && !Command.isQuiet()) Connection.THE.client();
        List<String> items = items();
        String chosen = preset();
        dialog.addChoice("model", items.toArray(new String[0]), items.contains(chosen) || Macro.getOptions() != null ? chosen : AUTO);
    }

    /** What the connected server has installed, after {@code auto}. */
    static List<String> items() throws Fault {
        List<String> items = new ArrayList<>();
        items.add(AUTO);
        items.addAll(Connection.THE.models());
        return items;
    }

    /** What a person chose in an earlier ImageJ counts for dialogs alone: a macro must not mean something else on another machine. */
    static String preset() {
        if (here != null) return here;
        return Macro.getOptions() != null || Command.isQuiet() ? AUTO : Prefs.get(CHOSEN, AUTO);
    }

    static void choose(String model) {
        here = model;
        Prefs.set(CHOSEN, model);
    }

    /** Null for the server's own choice. */
    static String chosen() {
        return named(preset());
    }

    /** Null for the server's own choice. */
    static String next(GenericDialog dialog) {
        return named(dialog.getNextChoice().trim());
    }

    /** Null for the server's own choice. */
    static String named(String model) {
        return model.isEmpty() || model.equals(AUTO) ? null : model;
    }
}
