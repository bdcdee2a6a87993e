package org.masklet.fiji;

import ij.IJ;
import ij.gui.GenericDialog;
import ij.plugin.BrowserLauncher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.masklet.wire.Fault;

/** A report of the server's, one HTML file: opened in the browser, saved, or both. */
final class ReportPage {
    static final String NAME = "report.html";
    private final boolean open;
    private final File target;

    private ReportPage(boolean open, File target) {
        this.open = open;
        this.target = target;
    }

    static void add(GenericDialog dialog) {
        dialog.addCheckbox("report", false);
        dialog.addFileField("save", "", 24);
    }

    /** Null where none is wanted. @throws Fault file_not_written before anything is computed for it */
    static ReportPage next(GenericDialog dialog) throws Fault {
        boolean open = dialog.getNextBoolean();
        String path = dialog.getNextString().trim();
        if (path.isEmpty()) return open ? new ReportPage(true, null) : null;
        File target = new File(path).getAbsoluteFile();
        if (target.isDirectory() || !target.getParentFile().isDirectory()) {
            throw new Fault("file_not_written", target + " is no place for a report.", "Name a file, such as report.html, in a folder that exists.");
        }
        return new ReportPage(open, target);
    }

    /** @param stem what the file is named by where nobody named it @return the file's path */
    String show(byte[] page, String stem) throws Fault {
        File file = target;
        try {
            if (file == null) {
                file = File.createTempFile(stem.replaceAll("[^A-Za-z0-9._-]", "_") + "-", "-report.html");
                file.deleteOnExit();
            }
            Files.write(file.toPath(), page);
        } catch (IOException e) {
            throw new Fault("file_not_written", "The report could not be written (" + e.getMessage() + ").", "Check that the folder may be written.", e);
        }
        if (open && !Command.isQuiet()) {
            try {
                BrowserLauncher.openURL(file.toURI().toString());
            } catch (IOException noBrowser) {
                IJ.log("Masklet: the report is " + file + "; no browser could be started (" + noBrowser.getMessage() + ").");
            }
        }
        return file.getPath();
    }
}
