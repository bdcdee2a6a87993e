package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.MaskBits;

/**
 * A selection as a prompt. ImageJ's area selections have pixel corners at whole numbers, as the wire has; its points lie on
 * pixels whose centre is half a pixel further, wherever inside the pixel the person clicked.
 */
final class SelectionPrompt {
    static final String[] KINDS = {"auto", "box", "points", "polygon", "mask"};
    /** The protocol's limits for one prompt. */
    private static final int MAX_POINTS = 1000, MAX_VERTICES = 100_000;

    private SelectionPrompt() {}

    /** Whether it can be a prompt at all: points, or an area. */
    static boolean isPrompt(Roi roi) {
        return roi instanceof PointRoi || roi.isArea();
    }

    /** The members box, points, polygon or mask of prompt.set, of the current selection. */
    static Frame parts(ImagePlus image, String kind, boolean positive) throws Fault {
        return parts(image, selection(image), kind, positive);
    }

    static Roi selection(ImagePlus image) throws Fault {
        Roi roi = image.getRoi();
        if (roi != null) return roi;
        throw new Fault("no_selection", "There is no selection to make a prompt of.", "Draw a rectangle around the object, or click on it with the point tool.");
    }

    static Frame parts(ImagePlus image, Roi roi, String kind, boolean positive) throws Fault {
        if (!isPrompt(roi)) {
            throw new Fault("selection_unsupported", "A " + roi.getTypeAsString().toLowerCase(java.util.Locale.ROOT) + " selection cannot be a prompt.", "Draw a rectangle, an outline or points.");
        }
        String wanted = kind.equals("auto") ? automatic(roi) : kind;
        if (!positive && !wanted.equals("points")) {
            throw new Fault("polarity_unsupported", "Only points can be negative.", "Click with the multi-point tool on what does not belong to the object.");
        }
        switch (wanted) {
            case "points": return Frame.empty().with("points", points(image, roi, positive));
            case "box": return Frame.empty().with("box", box(image, roi));
            case "polygon": return Frame.empty().with("polygon", polygon(image, roi));
            default: return Frame.empty().with("mask", mask(image, roi).toFrame());
        }
    }

    private static String automatic(Roi roi) {
        if (roi instanceof PointRoi) return "points";
        if (roi.getType() == Roi.RECTANGLE && roi.getCornerDiameter() == 0) return "box";
        return roi.getType() == Roi.COMPOSITE || roi.getFloatPolygon().npoints > MAX_VERTICES ? "mask" : "polygon";
    }

    private static List<Object> points(ImagePlus image, Roi roi, boolean positive) throws Fault {
        if (!(roi instanceof PointRoi)) throw new Fault("selection_unsupported", "This selection has no points.", "Use the multi-point tool, or kind=auto.");
        FloatPolygon at = roi.getFloatPolygon();
        if (at.npoints > MAX_POINTS) throw new Fault("selection_unsupported", "The selection has " + at.npoints + " points, more than " + MAX_POINTS + ".", "A few points are enough.");
        List<Object> points = new ArrayList<>();
        for (int i = 0; i < at.npoints; i++) points.add(point(image, at.xpoints[i], at.ypoints[i], positive));
        return points;
    }

    /** One member of points: the centre of the pixel. */
    static Object point(ImagePlus image, double atX, double atY, boolean positive) throws Fault {
        double x = Math.floor(atX);
        double y = Math.floor(atY);
        if (x < 0 || y < 0 || x >= image.getWidth() || y >= image.getHeight()) throw offImage();
        return Arrays.asList(x + 0.5, y + 0.5, positive ? 1 : 0);
    }

    /** ImageJ lets a rectangle reach over the edge; the prompt is what lies on the image. */
    private static List<Double> box(ImagePlus image, Roi roi) throws Fault {
        Rectangle2D bounds = roi.getFloatBounds();
        double x0 = Math.max(0, bounds.getMinX());
        double y0 = Math.max(0, bounds.getMinY());
        double x1 = Math.min(image.getWidth(), bounds.getMaxX());
        double y1 = Math.min(image.getHeight(), bounds.getMaxY());
        if (x1 <= x0 || y1 <= y0) throw offImage();
        return Arrays.asList(x0, y0, x1, y1);
    }

    private static List<Object> polygon(ImagePlus image, Roi roi) throws Fault {
        if (!roi.isArea() || roi.getType() == Roi.COMPOSITE) throw new Fault("selection_unsupported", "This selection is no single outline.", "Use kind=mask or kind=auto.");
        FloatPolygon outline = roi.getFloatPolygon();
        if (outline.npoints < 3 || outline.npoints > MAX_VERTICES) throw new Fault("selection_unsupported", "The outline has " + outline.npoints + " corners.", "Use kind=mask.");
        box(image, roi); // it must touch the image
        List<Object> vertices = new ArrayList<>();
        for (int i = 0; i < outline.npoints; i++) {
            double x = Math.min(Math.max(outline.xpoints[i], 0), image.getWidth());
            double y = Math.min(Math.max(outline.ypoints[i], 0), image.getHeight());
            vertices.add(Arrays.asList(x, y));
        }
        return vertices;
    }

    static MaskBits mask(ImagePlus image, Roi roi) throws Fault {
        if (!roi.isArea()) throw new Fault("selection_unsupported", "Points cannot be a mask.", "Draw an outline, or use kind=points.");
        Rectangle bounds = roi.getBounds();
        Rectangle on = bounds.intersection(new Rectangle(0, 0, image.getWidth(), image.getHeight()));
        if (on.isEmpty()) throw offImage();
        ImageProcessor inside = roi.getMask(); // null for a plain rectangle: all of it
        byte[] pixels = new byte[on.width * on.height];
        for (int y = 0; y < on.height; y++) {
            for (int x = 0; x < on.width; x++) {
                if (inside == null || inside.get(on.x - bounds.x + x, on.y - bounds.y + y) != 0) pixels[y * on.width + x] = 1;
            }
        }
        MaskBits mask = MaskBits.pack(pixels, on.x, on.y, on.width, on.height);
        if (mask.area() == 0) throw offImage();
        return mask;
    }

    private static Fault offImage() {
        return new Fault("prompt_off_image", "The selection lies off the image.", "Draw it on the object.");
    }
}
