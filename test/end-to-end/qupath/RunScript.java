import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import qupath.lib.io.PathIO;
import qupath.lib.objects.PathObject;
import qupath.lib.objects.classes.PathClass;
import qupath.lib.scripting.QP;

/**
 * script.groovy scenes.json results.json: runs the script for each scene, an image with its objects, in the way QuPath does it
 * for the images of a project: with the variables that its javax.script sets, its default imports in front, and on to the next image where one
 * fails.
 * A scene's `stop` interrupts the thread when a line that matches is printed, as QuPath's button does.
 */
final class RunScript {
    private static final Gson GSON = new Gson();
    private static final String IMPORTS = "import qupath.lib.io.PathIO\nimport qupath.lib.objects.PathObject\nimport static qupath.lib.gui.scripting.QPEx.*\n";

    public static void main(String[] args) throws Exception {
        File script = new File(args[0]);
        String text = IMPORTS + read(script);
        JsonArray results = new JsonArray();
        for (JsonElement scene : JsonParser.parseString(read(new File(args[1]))).getAsJsonArray()) results.add(run(script, text, scene.getAsJsonObject()));
        Files.write(new File(args[2]).toPath(), GSON.toJson(results).getBytes(StandardCharsets.UTF_8));
    }

    private static String read(File file) throws Exception {
        return new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
    }

    private static JsonObject run(File script, String text, JsonObject scene) throws Exception {
        FileImage image = scene.has("image") ? new FileImage(scene.getAsJsonObject("image")) : null;
        List<PathObject> objects = scene.has("objects") ? PathIO.readObjectsFromGeoJSON(new ByteArrayInputStream(GSON.toJson(scene.get("objects")).getBytes(StandardCharsets.UTF_8))) : new ArrayList<>();
        List<PathObject> selected = new ArrayList<>(objects);
        selected.removeIf(object -> !scene.has("selected") || !GSON.toJson(scene.get("selected")).contains(object.getID().toString()));
        QP.open(image, objects, selected);
        Lines lines = new Lines(scene.has("stop") ? Pattern.compile(scene.get("stop").getAsString()) : null, Thread.currentThread());
        Binding binding = new Binding();
        binding.setVariable("args", GSON.fromJson(scene.get("arguments"), String[].class));
        if (!scene.has("unsaved")) binding.setVariable("qupath.script.file", script.getAbsolutePath());
        binding.setVariable("out", new PrintWriter(lines, true));
        JsonObject result = new JsonObject();
        try {
            new GroovyShell(binding).evaluate(text, script.getName());
        } catch (Exception thrown) {
            Throwable cause = thrown;
            while (cause.getCause() != null) cause = cause.getCause();
            JsonObject error = new JsonObject();
            error.addProperty("type", cause.getClass().getName());
            error.addProperty("message", String.valueOf(cause.getMessage()));
            result.add("error", error);
            if (System.getenv("MASKLET_DEBUG") != null) thrown.printStackTrace();
        }
        result.addProperty("printed", lines.text.toString());
        result.addProperty("interrupted", Thread.interrupted());
        if (image != null) result.add("reads", image.reads);
        result.add("objects", features(QP.getAllObjects()));
        return result;
    }

    /** As QuPath writes them. */
    private static JsonArray features(Collection<PathObject> objects) {
        JsonArray features = new JsonArray();
        for (PathObject object : objects) {
            JsonObject geometry = new JsonObject();
            Geometry shape = object.getROI().getGeometry();
            geometry.addProperty("type", shape.getGeometryType());
            geometry.add("coordinates", coordinates(shape));
            if (object.getROI().getZ() > 0 || object.getROI().getT() > 0) {
                JsonObject plane = new JsonObject();
                plane.addProperty("c", object.getROI().getC());
                plane.addProperty("z", object.getROI().getZ());
                plane.addProperty("t", object.getROI().getT());
                geometry.add("plane", plane);
            }
            JsonObject properties = new JsonObject();
            properties.addProperty("objectType", object.isAnnotation() ? "annotation" : "detection");
            if (object.getName() != null) properties.addProperty("name", object.getName());
            if (object.getColor() != null) properties.add("color", rgb(object.getColor()));
            if (object.getPathClass() != null) properties.add("classification", classification(object.getPathClass()));
            if (object.isLocked()) properties.addProperty("isLocked", true);
            properties.add("measurements", GSON.toJsonTree(object.getMeasurements()));
            properties.add("metadata", GSON.toJsonTree(object.getMetadata()));
            JsonObject feature = new JsonObject();
            feature.addProperty("type", "Feature");
            feature.addProperty("id", object.getID().toString());
            feature.add("geometry", geometry);
            feature.add("properties", properties);
            features.add(feature);
        }
        return features;
    }

    private static JsonObject classification(PathClass pathClass) {
        JsonObject made = new JsonObject();
        String[] names = pathClass.toString().split(": ");
        if (names.length == 1) made.addProperty("name", names[0]);
        else made.add("names", GSON.toJsonTree(names));
        made.add("color", rgb(pathClass.getColor()));
        return made;
    }

    private static JsonArray rgb(int color) {
        return GSON.toJsonTree(new int[] {color >> 16 & 255, color >> 8 & 255, color & 255}).getAsJsonArray();
    }

    private static JsonArray coordinates(Geometry shape) {
        JsonArray made = new JsonArray();
        if (shape.getNumGeometries() > 1 || shape.getGeometryType().startsWith("Multi")) {
            for (int part = 0; part < shape.getNumGeometries(); part++) {
                JsonArray inner = coordinates(shape.getGeometryN(part));
                made.add(shape.getDimension() == 0 ? inner.get(0) : inner);
            }
        } else if (shape instanceof Polygon) {
            Polygon polygon = (Polygon) shape;
            made.add(positions(polygon.getExteriorRing()));
            for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) made.add(positions(polygon.getInteriorRingN(hole)));
        } else {
            return positions(shape);
        }
        return made;
    }

    private static JsonArray positions(Geometry line) {
        JsonArray made = new JsonArray();
        for (Coordinate at : line.getCoordinates()) made.add(GSON.toJsonTree(new double[] {at.x, at.y}));
        return made;
    }

    private static final class Lines extends Writer {
        final StringBuilder text = new StringBuilder();
        private Pattern stop;
        private final Thread runs;

        Lines(Pattern stop, Thread runs) {
            this.stop = stop;
            this.runs = runs;
        }

        @Override
        public void write(char[] chars, int from, int length) {
            text.append(chars, from, length);
            System.out.print(new String(chars, from, length));
            if (stop == null || !stop.matcher(text).find()) return;
            stop = null;
            runs.interrupt();
        }

        @Override
        public void flush() {
            System.out.flush();
        }

        @Override
        public void close() {
        }
    }
}
