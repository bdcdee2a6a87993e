package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.measure.ResultsTable;
import ij.plugin.frame.Recorder;
import java.awt.GraphicsEnvironment;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Masklet Classical 3D...: segments the stack, or its part inside the selection's bounds, by a recipe without a network. */
public final class ClassicalCommand extends Command {
    private static final String TABLE = "Masklet Recipe";
    private static final int LIST_MS = 10_000;
    private static final Pattern SET = Pattern.compile("(^|\\s)set=(\\[[^\\]]*\\]|'[^']*'|\\S*)");

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        Recipes recipes = new Recipes(Connection.THE.client().value(Messages.recipesList(), LIST_MS));
        if (Macro.getOptions() != null) Macro.setOptions(readable(Macro.getOptions()));
        Map<String, String> told = ask(image, recipes);
        if (told == null) {
            if (Recorder.record) Recorder.setCommand(null); // what was not done is not recorded
            return;
        }
        ClassicalOptions options = new ClassicalOptions(told, recipes, image);
        for (String sentence : options.ignored) IJ.log("Masklet: " + sentence);

        ImageSession session = Connection.THE.session(image);
        MaskRun run = new MaskRun(session, image, options.message(session, image, false), "segmenting", options.output);
        if (run.value == null) {
            run.finish("classical.run", run.objects(), Results.NOTHING); // its one edit was not made
            IJ.showStatus("Masklet: stopped, nothing was changed");
            return;
        }
        run.facts.put("recipe", run.value.map("recipe").members());
        run.facts.put("warnings", run.value.list("warnings"));
        for (Object warning : run.value.list("warnings")) IJ.log("Masklet: " + warning);
        showTable(run.value.map("recipe"));
        run.finish("classical.run", run.objects(), options.output);
    }

    private static Map<String, String> ask(ImagePlus image, Recipes recipes) throws InterruptedException {
        ClassicalPreview preview = new ClassicalPreview(image, recipes);
        try {
            return new ClassicalDialog(recipes, preview::want).ask();
        } finally {
            preview.close();
        }
    }

    /**
     * A macro's options as ImageJ finds them: keys are lower case there, and it would take the {@code sigma=} inside
     * {@code set=[rings.sigma=3]} for the field sigma.
     */
    static String readable(String options) {
        String lower = options.replace("minVolume=", "minvolume=");
        Matcher set = SET.matcher(lower);
        if (!set.find()) return lower;
        return lower.substring(0, set.start(2)) + set.group(2).replace('=', ':') + lower.substring(set.end(2));
    }

    /** Each value that held, and what the steps found out. */
    private static void showTable(Frame recipe) throws Fault {
        ResultsTable table = new ResultsTable();
        for (Frame step : recipe.maps("steps")) {
            for (String kind : new String[] {"parameters", "found"}) {
                for (Map.Entry<String, Object> each : step.map(kind).members().entrySet()) {
                    table.incrementCounter();
                    table.addValue("step", step.text("id"));
                    table.addValue("name", each.getKey());
                    table.addValue("value", String.valueOf(each.getValue()));
                    table.addValue("from", kind.equals("found") ? "found" : "recipe");
                }
            }
        }
        table.showRowNumbers(false);
        if (!GraphicsEnvironment.isHeadless()) table.show(TABLE);
    }
}
