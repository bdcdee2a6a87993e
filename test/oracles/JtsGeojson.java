import java.nio.file.Files;
import java.nio.file.Paths;
import org.json.simple.JSONArray;
import org.json.simple.JSONObject;
import org.json.simple.parser.JSONParser;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/** collection.geojson x0 y0 width height: one JSON line a feature, with the pixels whose centres lie inside. */
final class JtsGeojson {
    public static void main(String[] args) throws Exception {
        Window window = new Window(args, 1);
        JSONObject collection = (JSONObject) new JSONParser().parse(new String(Files.readAllBytes(Paths.get(args[0])), "UTF-8"));
        for (Object feature : (JSONArray) collection.get("features")) {
            JSONObject member = (JSONObject) ((JSONObject) feature).get("geometry");
            Geometry geometry = new GeoJsonReader().read(member.toJSONString());
            TopologyValidationError fault = new IsValidOp(geometry).getValidationError();
            IndexedPointInAreaLocator locator = new IndexedPointInAreaLocator(geometry);
            int holes = 0;
            boolean wound = true;
            for (int part = 0; part < geometry.getNumGeometries(); part++) {
                Polygon polygon = (Polygon) geometry.getGeometryN(part);
                holes += polygon.getNumInteriorRing();
                wound &= Orientation.isCCW(polygon.getExteriorRing().getCoordinates());
                for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
                    wound &= !Orientation.isCCW(polygon.getInteriorRingN(hole).getCoordinates());
                }
            }
            String bits = window.bits((x, y) -> locator.locate(new Coordinate(x + 0.5, y + 0.5)) == Location.INTERIOR);
            Window.print("id", ((JSONObject) feature).get("id"), "type", geometry.getGeometryType(), "fault", fault == null ? null : fault.toString(),
                "area", geometry.getArea(), "parts", geometry.getNumGeometries(), "holes", holes, "wound", wound, "plane", member.get("plane"), "bits", bits);
        }
    }
}
