package org.masklet.fiji;

import ij.IJ;
import ij.gui.GenericDialog;
import java.awt.Dialog;
import java.awt.GraphicsEnvironment;
import java.awt.KeyEventDispatcher;
import java.awt.KeyboardFocusManager;
import java.awt.Window;
import java.awt.event.KeyEvent;
import javax.swing.SwingUtilities;

/**
 * Hears Escape in every window of ImageJ while a command runs. ImageJ itself listens in its main window and in image windows
 * only, and a person's last click may have been in the Log, the Recorder, a table or the ROI Manager.
 */
final class EscapeKey implements KeyEventDispatcher {
    EscapeKey() {
        if (!GraphicsEnvironment.isHeadless()) KeyboardFocusManager.getCurrentKeyboardFocusManager().addKeyEventDispatcher(this);
    }

    @Override
    public boolean dispatchKeyEvent(KeyEvent event) {
        boolean pressed = event.getID() == KeyEvent.KEY_PRESSED && event.getKeyCode() == KeyEvent.VK_ESCAPE;
        if (pressed && !isForDialog(event)) IJ.setKeyDown(KeyEvent.VK_ESCAPE);
        return false; // whoever else listens hears it too
    }

    /** There it means cancel this dialog. */
    private static boolean isForDialog(KeyEvent event) {
        Object source = event.getSource();
        Window window = source instanceof Window ? (Window) source : SwingUtilities.getWindowAncestor(event.getComponent());
        return window instanceof GenericDialog || window instanceof Dialog && ((Dialog) window).isModal();
    }

    void close() {
        if (!GraphicsEnvironment.isHeadless()) KeyboardFocusManager.getCurrentKeyboardFocusManager().removeKeyEventDispatcher(this);
    }
}
