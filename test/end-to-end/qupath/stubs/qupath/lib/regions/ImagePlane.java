package qupath.lib.regions;

public final class ImagePlane {
    private final int c;
    private final int z;
    private final int t;

    private ImagePlane(int c, int z, int t) {
        this.c = c;
        this.z = z;
        this.t = t;
    }

    public static ImagePlane getDefaultPlane() {
        return getPlane(0, 0);
    }

    public static ImagePlane getPlane(int z, int t) {
        return getPlaneWithChannel(-1, z, t);
    }

    public static ImagePlane getPlaneWithChannel(int c, int z, int t) {
        return new ImagePlane(c, z, t);
    }

    public int getC() {
        return c;
    }

    public int getZ() {
        return z;
    }

    public int getT() {
        return t;
    }
}
