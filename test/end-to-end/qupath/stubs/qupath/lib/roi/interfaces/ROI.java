package qupath.lib.roi.interfaces;

import java.awt.Shape;
import java.util.List;
import org.locationtech.jts.geom.Geometry;
import qupath.lib.geom.Point2;
import qupath.lib.regions.ImagePlane;

public interface ROI {
    String getRoiName();
    int getC();
    int getT();
    int getZ();
    ImagePlane getImagePlane();
    double getBoundsX();
    double getBoundsY();
    double getBoundsWidth();
    double getBoundsHeight();
    List<Point2> getAllPoints();
    boolean isEmpty();
    Shape getShape();
    Geometry getGeometry();
    boolean isLine();
    boolean isArea();
    boolean isPoint();
}
