package qupath.lib.roi;

import java.awt.Shape;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.awt.ShapeWriter;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import qupath.lib.geom.Point2;
import qupath.lib.regions.ImagePlane;
import qupath.lib.roi.interfaces.ROI;

/** Stands for every kind of ROI; which one it is follows from its geometry, as it does where QuPath reads GeoJSON. */
public final class GeometryRoi implements ROI {
    private final Geometry geometry;
    private final ImagePlane plane;

    public GeometryRoi(Geometry geometry, ImagePlane plane) {
        this.geometry = geometry;
        this.plane = plane;
    }

    @Override
    public String getRoiName() {
        if (isPoint()) return "Points";
        if (isLine()) return "Line";
        return geometry.isRectangle() ? "Rectangle" : geometry.getNumGeometries() == 1 ? "Polygon" : "Geometry";
    }

    @Override
    public int getC() {
        return plane.getC();
    }

    @Override
    public int getT() {
        return plane.getT();
    }

    @Override
    public int getZ() {
        return plane.getZ();
    }

    @Override
    public ImagePlane getImagePlane() {
        return plane;
    }

    private Envelope bounds() {
        return geometry.getEnvelopeInternal();
    }

    @Override
    public double getBoundsX() {
        return bounds().getMinX();
    }

    @Override
    public double getBoundsY() {
        return bounds().getMinY();
    }

    @Override
    public double getBoundsWidth() {
        return bounds().getWidth();
    }

    @Override
    public double getBoundsHeight() {
        return bounds().getHeight();
    }

    @Override
    public List<Point2> getAllPoints() {
        List<Point2> points = new ArrayList<>();
        for (Coordinate at : geometry.getCoordinates()) points.add(new Point2(at.x, at.y));
        return points;
    }

    @Override
    public boolean isEmpty() {
        return geometry.isEmpty();
    }

    /** Points have none in QuPath either. */
    @Override
    public Shape getShape() {
        if (isPoint()) throw new UnsupportedOperationException("points have no shape");
        return new ShapeWriter().toShape(geometry);
    }

    @Override
    public Geometry getGeometry() {
        return geometry;
    }

    @Override
    public boolean isLine() {
        return geometry.getDimension() == 1;
    }

    @Override
    public boolean isArea() {
        return geometry.getDimension() == 2;
    }

    @Override
    public boolean isPoint() {
        return geometry.getDimension() == 0;
    }
}
