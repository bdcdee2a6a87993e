import ij.gui.EllipseRoi;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.RotatedRectRoi;
import ij.gui.ShapeRoi;
import ij.io.RoiEncoder;
import java.awt.Color;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** RoiSet.zip: writes ROIs of every kind as ImageJ saves them, with positions, groups and properties; names say what they are. */
final class ImagejRoiMaker {
    private static final List<Roi> rois = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        Random random = new Random(20261125);
        for (int n = 0; n < 12; n++) {
            int x = random.nextInt(30);
            int y = random.nextInt(20);
            int w = 1 + random.nextInt(33);
            int h = 1 + random.nextInt(27);
            add("rectangle " + n, new Roi(x, y, w, h));
            add("oval " + n, new OvalRoi(x, y, w, h));
            Roi rounded = new Roi(x, y, w + 6, h + 6);
            rounded.setCornerDiameter(1 + random.nextInt(12));
            add("rounded " + n, rounded);
            int corners = 3 + random.nextInt(9);
            int[] xs = new int[corners];
            int[] ys = new int[corners];
            float[] fx = new float[corners];
            float[] fy = new float[corners];
            for (int at = 0; at < corners; at++) {
                xs[at] = random.nextInt(60);
                ys[at] = random.nextInt(45);
                fx[at] = random.nextFloat() * 60;
                fy[at] = random.nextFloat() * 45;
            }
            add("polygon " + n, new PolygonRoi(xs, ys, corners, Roi.POLYGON));
            add("freehand " + n, new PolygonRoi(xs, ys, corners, Roi.FREEROI));
            add("traced " + n, new PolygonRoi(xs, ys, corners, Roi.TRACED_ROI));
            add("subpixel polygon " + n, new PolygonRoi(fx, fy, corners, Roi.POLYGON));
            add("subpixel freehand " + n, new PolygonRoi(fx, fy, corners, Roi.FREEROI));
            add("subpixel rectangle " + n, new Roi(x + random.nextDouble(), y + random.nextDouble(), w + random.nextDouble(), h + random.nextDouble()));
            add("ellipse " + n, new EllipseRoi(10 + random.nextInt(10), 5 + random.nextInt(30), 35 + random.nextInt(20), 5 + random.nextInt(30), 0.2 + 0.7 * random.nextDouble()));
            add("rotated rectangle " + n, new RotatedRectRoi(10 + random.nextInt(10), 8 + random.nextInt(25), 35 + random.nextInt(20), 8 + random.nextInt(25), 4 + random.nextInt(9)));
            ShapeRoi with = new ShapeRoi(new OvalRoi(x, y, w + 5, h + 5)).or(new ShapeRoi(new Roi(x + 3, y + 2, 20, 9)));
            add("composite " + n, with.not(new ShapeRoi(new OvalRoi(x + 4, y + 3, 7, 6))));
            add("composite of corners " + n, new ShapeRoi(new PolygonRoi(xs, ys, corners, Roi.POLYGON)).xor(new ShapeRoi(new Roi(12, 9, 23, 19))));
        }
        add("line", new Line(3, 3, 20, 30));
        add("point", new PointRoi(7, 8));
        add("polyline", new PolygonRoi(new int[] {1, 9, 20}, new int[] {2, 30, 5}, 3, Roi.POLYLINE));
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(args[0]))) {
            for (int at = 0; at < rois.size(); at++) {
                zip.putNextEntry(new ZipEntry(String.format("%04d.roi", at)));
                zip.write(RoiEncoder.saveAsByteArray(rois.get(at)));
                zip.closeEntry();
            }
        }
    }

    /** Every third by a place in the stack, every third by channel, slice and frame, every third by both in turn with a group or a property. */
    private static void add(String name, Roi roi) {
        int nth = rois.size();
        roi.setName(name);
        roi.setStrokeColor(Color.RED);
        if (nth % 3 == 0) roi.setPosition(1 + nth % 24);
        else roi.setPosition(1, 1 + nth % 4, 1 + nth % 3);
        if (nth % 5 == 0) roi.setGroup(1 + nth % 200);
        if (nth % 7 == 0) roi.setProperty("masklet.object", String.valueOf(1000 + nth));
        rois.add(roi);
    }
}
