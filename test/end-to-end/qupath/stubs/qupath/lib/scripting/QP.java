package qupath.lib.scripting;

import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import qupath.lib.images.servers.ImageServer;
import qupath.lib.objects.PathObject;
import qupath.lib.objects.classes.PathClass;

/** What every script sees, of one image that is set beforehand. Like QuPath's, the collections are copies. */
public class QP {
    private static ImageServer<BufferedImage> server;
    private static final Set<PathObject> OBJECTS = new LinkedHashSet<>();
    private static final Set<PathObject> SELECTED = new LinkedHashSet<>();

    public static void open(ImageServer<BufferedImage> image, Collection<PathObject> objects, Collection<PathObject> selected) {
        server = image;
        OBJECTS.clear();
        OBJECTS.addAll(objects);
        SELECTED.clear();
        SELECTED.addAll(selected);
    }

    public static ImageServer<?> getCurrentServer() {
        return server;
    }

    public static PathClass getPathClass(String name) {
        return PathClass.fromString(name, 0xff0cc822);
    }

    public static String getCurrentImageName() {
        return server.getMetadata().getName();
    }

    public static Collection<PathObject> getAnnotationObjects() {
        return only(PathObject::isAnnotation);
    }

    public static Collection<PathObject> getDetectionObjects() {
        return only(PathObject::isDetection);
    }

    public static Collection<PathObject> getAllObjects() {
        return only(object -> true);
    }

    public static Collection<PathObject> getSelectedObjects() {
        return new LinkedHashSet<>(SELECTED);
    }

    public static void addObjects(Collection<PathObject> objects) {
        OBJECTS.addAll(objects);
    }

    public static void removeObjects(Collection<? extends PathObject> objects, boolean keepChildren) {
        if (!keepChildren) throw new IllegalArgumentException("somebody's own objects may lie inside");
        OBJECTS.removeAll(objects);
    }

    private static Collection<PathObject> only(Predicate<PathObject> wanted) {
        Set<PathObject> found = new LinkedHashSet<>(OBJECTS);
        found.removeIf(wanted.negate());
        return found;
    }
}
