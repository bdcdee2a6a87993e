package qupath.lib.images.servers;

public final class ImageServerMetadata {
    private final String name;

    public ImageServerMetadata(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }
}
