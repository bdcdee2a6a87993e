package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.FileSaver;
import ij.io.RoiEncoder;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/** The results of an image as files of a folder: NAME-labels.tif, NAME-rois.zip and NAME-measurements.csv. */
final class ResultFiles {
    private final File folder;

    private ResultFiles(File folder) {
        this.folder = folder;
    }

    /** Null where no folder is named. @throws Fault file_not_written when it is none, before anything is computed for it */
    static ResultFiles in(String path) throws Fault {
        if (path.trim().isEmpty()) return null;
        File folder = new File(path.trim());
        if (!folder.isDirectory() && !folder.mkdirs()) throw new Fault("file_not_written", folder + " is no folder, and could not be made one.", "Choose a folder that may be written.");
        return new ResultFiles(folder);
    }

    /** @return the files' paths; none when there is no mask */
    List<String> write(ImagePlus image, ImageSession session, List<Integer> ids) throws Fault, InterruptedException {
        List<Mask> masks = session.masks(ids);
        List<String> paths = new ArrayList<>();
        if (masks.isEmpty()) return paths;
        String name = LabelImage.stem(image);
        File labels = new File(folder, name + LabelImage.SUFFIX + ".tif");
        ImagePlus made = LabelImage.of(image, masks);
        boolean saved = made.getStackSize() > 1 ? new FileSaver(made).saveAsTiffStack(labels.getPath()) : new FileSaver(made).saveAsTiff(labels.getPath());
        if (!saved) throw new Fault("file_not_written", labels + " could not be written.", "Check that the folder may be written.");
        File rois = new File(folder, name + "-rois.zip");
        File measurements = new File(folder, name + "-measurements.csv");
        try {
            write(rois, SessionRois.of(image, masks));
            Files.write(measurements.toPath(), session.file("measurements", ids));
        } catch (IOException e) {
            throw new Fault("file_not_written", "The results could not be written to " + folder + " (" + e.getMessage() + ").", "Check that the folder may be written.", e);
        }
        for (File file : new File[] {labels, rois, measurements}) paths.add(file.getPath());
        return paths;
    }

    private static void write(File file, List<Roi> rois) throws IOException {
        try (OutputStream out = Files.newOutputStream(file.toPath()); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Roi roi : rois) {
                zip.putNextEntry(new ZipEntry(roi.getName() + ".roi"));
                zip.write(RoiEncoder.saveAsByteArray(roi));
                zip.closeEntry();
            }
        }
    }
}
