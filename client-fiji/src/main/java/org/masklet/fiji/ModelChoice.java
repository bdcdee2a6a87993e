package org.masklet.fiji;

import ij.Macro;
import ij.gui.GenericDialog;
import java.util.ArrayList;
import java.util.List;
import org.masklet.wire.Fault;

/** The option {@code model}: {@code auto}, or the id of a model. A macro may name any; the server says when it has none of that id. */
final class ModelChoice {
    private static final String AUTO = "auto";

    private ModelChoice() {}

    /** For a person it lists what the server has installed, and connects for that. */
    static void add(GenericDialog dialog) throws Fault, InterruptedException {
        if (Macro.getOptions() == null && !Command.isQuiet()) Connection.THE.client();
        List<String> items = new ArrayList<>();
        items.add(AUTO);
        items.addAll(Connection.THE.models());
        dialog.addChoice("model", items.toArray(new String[0]), AUTO);
    }

    /** Null for the server's own choice. */
    static String next(GenericDialog dialog) {
        String model = dialog.getNextChoice().trim();
        return model.isEmpty() || model.equals(AUTO) ? null : model;
    }
}
