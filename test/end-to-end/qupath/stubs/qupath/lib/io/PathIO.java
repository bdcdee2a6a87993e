package qupath.lib.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import qupath.lib.objects.PathObject;
import qupath.lib.objects.classes.PathClass;
import qupath.lib.regions.ImagePlane;
import qupath.lib.roi.GeometryRoi;

/** Reads the shape that QuPath writes, and refuses whatever else it is given. */
public final class PathIO {
    private static final GeometryFactory GEOMETRIES = new GeometryFactory();
    private static final Set<String> PROPERTIES = new TreeSet<>(Arrays.asList("objectType", "name", "color", "classification", "isLocked", "measurements", "metadata"));

    private PathIO() {
    }

    public static List<PathObject> readObjectsFromGeoJSON(InputStream stream) throws IOException {
        JsonElement given = JsonParser.parseString(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        JsonArray features = given.isJsonArray() ? given.getAsJsonArray() : given.getAsJsonObject().getAsJsonArray("features");
        List<PathObject> objects = new ArrayList<>();
        for (JsonElement feature : features) objects.add(object(feature.getAsJsonObject()));
        return objects;
    }

    private static PathObject object(JsonObject feature) {
        JsonObject properties = feature.getAsJsonObject("properties");
        for (String member : properties.keySet()) if (!PROPERTIES.contains(member)) throw new JsonParseException("properties." + member);
        JsonObject geometry = feature.getAsJsonObject("geometry");
        ImagePlane plane = geometry.has("plane") ? plane(geometry.getAsJsonObject("plane")) : ImagePlane.getDefaultPlane();
        PathObject object = new PathObject(properties.get("objectType").getAsString(), new GeometryRoi(geometry(geometry), plane));
        object.setID(UUID.fromString(feature.get("id").getAsString()));
        if (properties.has("name")) object.setName(properties.get("name").getAsString());
        if (properties.has("color")) object.setColor(color(properties.getAsJsonArray("color")));
        if (properties.has("classification")) object.setPathClass(pathClass(properties.getAsJsonObject("classification")));
        if (properties.has("isLocked")) object.setLocked(properties.get("isLocked").getAsBoolean());
        if (properties.has("measurements")) properties.getAsJsonObject("measurements").entrySet().forEach(one -> object.getMeasurements().put(one.getKey(), one.getValue().getAsDouble()));
        if (properties.has("metadata")) properties.getAsJsonObject("metadata").entrySet().forEach(one -> object.getMetadata().put(one.getKey(), one.getValue().getAsString()));
        return object;
    }

    private static ImagePlane plane(JsonObject plane) {
        if (!plane.keySet().equals(Set.of("c", "z", "t"))) throw new JsonParseException("plane " + plane);
        return ImagePlane.getPlaneWithChannel(plane.get("c").getAsInt(), plane.get("z").getAsInt(), plane.get("t").getAsInt());
    }

    /** Without a colour QuPath does not take it. */
    private static PathClass pathClass(JsonObject given) {
        if (!given.has("color") || given.has("name") == given.has("names")) throw new JsonParseException("classification " + given);
        List<String> names = new ArrayList<>();
        if (given.has("name")) names.add(given.get("name").getAsString());
        else given.getAsJsonArray("names").forEach(name -> names.add(name.getAsString()));
        return PathClass.fromString(String.join(": ", names), color(given.getAsJsonArray("color")));
    }

    private static int color(JsonArray rgb) {
        if (rgb.size() != 3) throw new JsonParseException("color " + rgb);
        return 0xff000000 | rgb.get(0).getAsInt() << 16 | rgb.get(1).getAsInt() << 8 | rgb.get(2).getAsInt();
    }

    private static Geometry geometry(JsonObject given) {
        JsonArray coordinates = given.getAsJsonArray("coordinates");
        switch (given.get("type").getAsString()) {
            case "MultiPoint":
                return GEOMETRIES.createMultiPointFromCoords(coordinates(coordinates));
            case "LineString":
                return GEOMETRIES.createLineString(coordinates(coordinates));
            case "Polygon":
                return polygon(coordinates);
            case "MultiPolygon":
                List<Polygon> parts = new ArrayList<>();
                coordinates.forEach(part -> parts.add(polygon(part.getAsJsonArray())));
                return GEOMETRIES.createMultiPolygon(parts.toArray(new Polygon[0]));
            default:
                throw new JsonParseException("geometry " + given.get("type"));
        }
    }

    private static Polygon polygon(JsonArray rings) {
        List<LinearRing> made = new ArrayList<>();
        rings.forEach(ring -> made.add(GEOMETRIES.createLinearRing(coordinates(ring.getAsJsonArray()))));
        return GEOMETRIES.createPolygon(made.get(0), made.subList(1, made.size()).toArray(new LinearRing[0]));
    }

    private static Coordinate[] coordinates(JsonArray positions) {
        Coordinate[] made = new Coordinate[positions.size()];
        for (int at = 0; at < made.length; at++) {
            JsonArray position = positions.get(at).getAsJsonArray();
            made[at] = new Coordinate(position.get(0).getAsDouble(), position.get(1).getAsDouble());
        }
        return made;
    }
}
