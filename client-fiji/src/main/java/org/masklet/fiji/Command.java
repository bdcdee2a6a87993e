package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.macro.Interpreter;
import ij.plugin.PlugIn;
import java.awt.GraphicsEnvironment;
import org.masklet.wire.Fault;

/**
 * What every menu entry shares: it runs on ImageJ's command thread, tells a failure in one sentence, and stops a macro
 * that would otherwise go on without the result.
 */
abstract class Command implements PlugIn {
    /** @param argument the text in plugins.config */
    abstract void execute(String argument) throws Fault, InterruptedException;

    @Override
    public final void run(String argument) {
        IJ.resetEscape(); // a press from before the command would stop it
        EscapeKey escape = new EscapeKey();
        try {
            execute(argument);
        } catch (Fault fault) {
            fail(fault);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new Fault("cancelled", "The command was interrupted.", ""));
        } catch (OutOfMemoryError e) {
            fail(new Fault("out_of_memory", "ImageJ has too little memory for this.", "Raise it in Edit > Options > Memory & Threads."));
        } catch (RuntimeException e) {
            if (Macro.MACRO_CANCELED.equals(e.getMessage())) throw e; // ImageJ's own way to stop a macro
            if (IJ.debugMode) IJ.handleException(e);
            fail(new Fault("internal", "Something went wrong inside the Masklet client (" + e + ").", "This is a fault of ours; please report it.", e));
        } finally {
            escape.close();
            IJ.showProgress(1.0);
        }
    }

    private static void fail(Fault fault) {
        IJ.showStatus("");
        Masklet_Macro.failed(fault);
        if (isQuiet()) IJ.log("Masklet: " + fault.sentence());
        else if (fault.code().equals("cancelled")) IJ.showStatus("Masklet: " + fault.sentence()); // who pressed Escape knows
        else IJ.error("Masklet", fault.sentence());
        abortMacro();
    }

    /**
     * Stops the macro or script that called this command, if one did. Macro.abort() alone stops Java and script callers; the
     * macro interpreter does not look at it. Its own abort(), called on its own thread, would wait two seconds for itself;
     * with a null message it ends at once and shows no dialog.
     */
    static void abortMacro() {
        if (!Thread.currentThread().getName().startsWith("Run$_")) return; // the flag would stop somebody else's macro
        Macro.abort();
        Interpreter running = Interpreter.getInstance();
        if (running != null) running.abort((String) null);
    }

    /** Nobody can answer a dialog: no display, a macro in batch mode, or -Dmasklet.nodialogs=true. */
    static boolean isQuiet() {
        return GraphicsEnvironment.isHeadless() || Interpreter.isBatchMode() || Boolean.getBoolean("masklet.nodialogs");
    }

    /** Shows the dialog, or takes the macro's options; where nobody could answer, the defaults stand. False = the person cancelled. */
    static boolean ask(GenericDialog dialog) {
        if (Macro.getOptions() == null && isQuiet()) return true;
        dialog.showDialog();
        IJ.resetEscape();
        return !dialog.wasCanceled();
    }

    /** The current channel, 0-based; the three of an RGB image are one place. */
    static int channel(ImagePlus image) {
        return image.getType() == ImagePlus.COLOR_RGB ? 0 : image.getC() - 1;
    }

    static ImagePlus image() throws Fault {
        ImagePlus image = WindowManager.getCurrentImage();
        if (image == null) throw new Fault("no_image", "No image is open.", "Open the stack you want to segment first.");
        return image;
    }

    /** @throws Fault image_closed, when the person closed the image while the command ran */
    static void checkOpen(ImagePlus image) throws Fault {
        if (image.getProcessor() != null) return;
        throw new Fault("image_closed", "\"" + image.getTitle() + "\" was closed before the command had ended.", "What came for it is in its session on the server: open the file again and go on.");
    }
}
