package qupath.lib.objects;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import qupath.lib.objects.classes.PathClass;
import qupath.lib.roi.interfaces.ROI;

/** An annotation or a detection. */
public final class PathObject {
    private final String type;
    private final ROI roi;
    private UUID id = UUID.randomUUID();
    private String name;
    private Integer color;
    private PathClass pathClass;
    private boolean locked;
    private final Map<String, Number> measurements = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    public PathObject(String type, ROI roi) {
        this.type = type;
        this.roi = roi;
    }

    public boolean isAnnotation() {
        return type.equals("annotation");
    }

    public boolean isDetection() {
        return type.equals("detection");
    }

    public ROI getROI() {
        return roi;
    }

    public UUID getID() {
        return id;
    }

    public void setID(UUID id) {
        this.id = id;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public Integer getColor() {
        return color;
    }

    public void setColor(Integer color) {
        this.color = color;
    }

    public PathClass getPathClass() {
        return pathClass;
    }

    public void setPathClass(PathClass pathClass) {
        this.pathClass = pathClass;
    }

    public boolean isLocked() {
        return locked;
    }

    public void setLocked(boolean locked) {
        this.locked = locked;
    }

    public Map<String, Number> getMeasurements() {
        return measurements;
    }

    public Map<String, String> getMetadata() {
        return metadata;
    }
}
