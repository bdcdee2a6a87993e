package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Request;

/** What the fields of Masklet Classical 3D... would give on the slice that is looked at, inside the selection's bounds. */
final class ClassicalPreview extends Preview {
    /** Long enough for the next key of a number. */
    private static final int REST_MS = 250;

    private final ImagePlus image;
    private final Recipes recipes;
    private volatile Map<String, String> wanted;

    ClassicalPreview(ImagePlus image, Recipes recipes) {
        super(REST_MS);
        this.image = image;
        this.recipes = recipes;
    }

    /** @param told the fields of the dialog; null for no preview */
    void want(Map<String, String> told) {
        wanted = told;
        if (told != null) start();
    }

    @Override
    List<Object> state() {
        Map<String, String> told = wanted;
        if (told == null) return NOTHING;
        Roi roi = image.getRoi();
        return Arrays.asList(image, told, image.getC(), image.getZ(), image.getT(), roi == null || !roi.isArea() ? "" : roi.getBounds());
    }

    @Override
    Request ask() throws Fault, InterruptedException {
        Map<String, String> told = wanted;
        if (told == null) return null;
        ClassicalOptions options = new ClassicalOptions(told, recipes, image);
        ImageSession session = Connection.THE.session(image);
        return Connection.THE.client().send(options.message(session, image, true));
    }

    @Override
    void show(Frame value, List<Mask> masks) throws Fault, InterruptedException {
        if (value.has("plane")) StepWindow.show(value.map("plane"), image);
        List<?> warnings = value.list("warnings");
        IJ.showStatus("Masklet: preview, " + (value.has("plane") ? "step " + value.map("plane").text("step") : masks.size() + " objects on this slice")
            + (warnings.isEmpty() ? "" : ". " + warnings.get(0)));
    }
}
