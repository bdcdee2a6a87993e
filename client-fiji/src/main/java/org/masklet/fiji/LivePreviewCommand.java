package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.plugin.frame.Recorder;
import java.util.Collections;
import java.util.Locale;
import org.masklet.wire.Fault;

/**
 * Masklet Live Preview: on, every selection in any image is answered by an outline of what it would give as a new object's
 * prompt; off again at the next call. A script says {@code preview=on} or {@code preview=off}, which is also what is recorded.
 */
public final class LivePreviewCommand extends Command {
    private static SelectionPreview running;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        boolean on = turnsOn(Macro.getOptions());
        if (Recorder.record) Recorder.recordOption("preview", on ? "on" : "off"); // not what it was before: the line means the same wherever it stands
        if (on && !isQuiet()) Connection.THE.client();
        set(on);
        Masklet_Macro.succeeded("preview", Collections.singletonMap("preview", on));
        IJ.showStatus(on ? "Masklet: live preview on, draw or click on an object" : "Masklet: live preview off");
    }

    private static synchronized boolean turnsOn(String options) throws Fault {
        String asked = options == null ? "" : Macro.getValue(options, "preview", "").trim().toLowerCase(Locale.ROOT);
        if (asked.isEmpty()) return running == null;
        if (asked.equals("on") || asked.equals("off")) return asked.equals("on");
        throw new Fault("options_invalid", "preview must be on or off, not \"" + asked + "\".", "");
    }

    static synchronized void set(boolean on) throws InterruptedException {
        if (!on && running != null) {
            running.close();
            running = null;
        }
        if (on && running == null && !isQuiet()) { // without windows there is nothing to look at
            running = new SelectionPreview(LivePreviewCommand::wish);
            running.start();
        }
    }

    private static SelectionPreview.Wish wish() {
        ImagePlus image = WindowManager.getCurrentImage();
        return image == null || image.getWindow() == null || LabelImage.isTitled(image) ? null : new SelectionPreview.Wish(image, 0, true, "auto", false, ModelChoice.chosen());
    }
}
