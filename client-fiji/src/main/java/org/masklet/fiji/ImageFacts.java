package org.masklet.fiji;

import ij.ImagePlus;
import ij.io.FileInfo;
import ij.measure.Calibration;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** What the server is told about an image before it sees a pixel. */
final class ImageFacts {
    private static final String IDENTITY = "masklet.identity";

    private ImageFacts() {}

    static Frame declaration(ImagePlus image) {
        boolean rgb = image.getType() == ImagePlus.COLOR_RGB;
        int[] shape = {image.getNFrames(), rgb ? 3 : image.getNChannels(), image.getNSlices(), image.getHeight(), image.getWidth()};
        String title = image.getTitle();
        String name = title.length() > 255 ? title.substring(0, 255) : title;
        return Messages.declaration(name, shape, dtype(image), rgb ? Boolean.TRUE : null, spacing(image), rgb ? null : displayRange(image), identity(image));
    }

    /** A label image, known by what is in it: edited, it is another one. @param content says so */
    static Frame labels(ImagePlus image, String content) {
        int[] shape = {image.getNFrames(), 1, image.getNSlices(), image.getHeight(), image.getWidth()};
        String title = image.getTitle();
        return Messages.declaration(title.length() > 255 ? title.substring(0, 255) : title, shape, dtype(image), null, spacing(image), null, "labels|" + content);
    }

    private static String dtype(ImagePlus image) {
        switch (image.getType()) {
            case ImagePlus.GRAY16: return "uint16";
            case ImagePlus.GRAY32: return "float32";
            default: return "uint8"; // also palette images, whose indices are the values, and the channels of RGB
        }
    }

    private static List<Double> displayRange(ImagePlus image) {
        double low = image.getDisplayRangeMin();
        double high = image.getDisplayRangeMax();
        return low < high && !Double.isInfinite(high - low) ? Arrays.asList(low, high) : null;
    }

    /** Micrometres {z, y, x}; null when the unit is no length. */
    private static double[] spacing(ImagePlus image) {
        Calibration calibration = image.getCalibration();
        double um = micrometres(calibration.getUnit());
        double[] zyx = {calibration.pixelDepth * um, calibration.pixelHeight * um, calibration.pixelWidth * um};
        for (double each : zyx) if (!(each > 0) || Double.isInfinite(each)) return null;
        return zyx;
    }

    /** Micrometres in a unit as ImageJ users write it; 0 when it is no length. */
    static double micrometres(String unit) {
        String written = unit == null ? "" : unit.trim().replace('\u03bc', '\u00b5');
        switch (written.toLowerCase(Locale.ROOT)) {
            // The same names as the server's reader of ImageJ TIFFs knows.
            case "um": case "\u00b5m": case "micron": case "microns": case "micrometer": case "micrometers": case "micrometre": case "micrometres": return 1;
            case "nm": case "nanometer": case "nanometers": case "nanometre": case "nanometres": return 1e-3;
            case "\u00e5": case "angstrom": case "angstroms": return 1e-4;
            case "pm": return 1e-6;
            case "mm": case "millimeter": case "millimeters": case "millimetre": case "millimetres": return 1e3;
            case "cm": case "centimeter": case "centimeters": case "centimetre": case "centimetres": return 1e4;
            case "m": case "meter": case "meters": case "metre": case "metres": return 1e6;
            case "in": case "inch": case "inches": return 25_400;
            default: return 0;
        }
    }

    /**
     * What makes this image the same one again: for one that is as its file has it, the file's path, size and time (with
     * title and dimensions, because one file may hold several images); else an id that lives as long as the image is open and
     * has its form: cropped or converted, it is another image.
     */
    static String identity(ImagePlus image) {
        Object known = image.getProperty(IDENTITY);
        if (known instanceof String && ((String) known).endsWith(form(image))) return (String) known;
        String file = image.changes ? null : fileIdentity(image);
        String identity = file != null ? file : "image|" + UUID.randomUUID() + "|" + form(image);
        image.setProperty(IDENTITY, identity);
        SentPlanes.forget(image);
        return identity;
    }

    private static String fileIdentity(ImagePlus image) {
        FileInfo info = image.getOriginalFileInfo();
        if (info == null || info.directory == null || info.fileName == null) return null;
        File file = new File(info.directory, info.fileName);
        if (!file.isFile()) return null;
        String found = file.getAbsolutePath() + "|" + file.length() + "|" + file.lastModified() + "|" + image.getTitle() + "|" + form(image);
        return found.length() > 1024 ? null : found;
    }

    /** Bits of a pixel and [width, height, channels, slices, frames]. */
    static String form(ImagePlus image) {
        return image.getBitDepth() + Arrays.toString(image.getDimensions());
    }
}
