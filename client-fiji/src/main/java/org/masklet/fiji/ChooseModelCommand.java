package org.masklet.fiji;

import ij.IJ;
import ij.gui.GenericDialog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** Masklet Choose Model...: which one the other commands offer first, and take where a macro names none. */
public final class ChooseModelCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        Frame hello = Connection.THE.client().hello();
        List<String> installed = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (Frame model : hello.maps("models")) (Boolean.TRUE.equals(model.members().get("installed")) ? installed : absent).add(model.text("id"));
        List<String> items = ModelChoice.items();
        String preset = ModelChoice.preset();
        GenericDialog dialog = new GenericDialog("Masklet Choose Model");
        dialog.addChoice("model", items.toArray(new String[0]), items.contains(preset) ? preset : ModelChoice.AUTO);
        dialog.addMessage("auto: the best one that the server has." + (absent.isEmpty() ? "" : "\nNot installed (masklet models pull ID): " + String.join(", ", absent)));
        if (!ask(dialog)) return;
        String model = dialog.getNextChoice().trim();
        if (absent.contains(model)) throw new Fault("model_not_installed", "The model " + model + " is not installed.", "Run `masklet models pull " + model + "`, then connect again.");
        if (!items.contains(model)) throw new Fault("model_unknown", "There is no model \"" + model + "\".", "Installed are " + String.join(", ", installed) + ".");
        ModelChoice.choose(model);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        Masklet_Macro.succeeded("choose-model", facts);
        IJ.showStatus("Masklet: model " + model);
    }
}
