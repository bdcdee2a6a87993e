package qupath.lib.images.servers;

public final class PixelCalibration {
    private final double width;
    private final double height;
    private final double z;

    /** NaN where it is not known. */
    public PixelCalibration(double width, double height, double z) {
        this.width = width;
        this.height = height;
        this.z = z;
    }

    public boolean hasPixelSizeMicrons() {
        return !Double.isNaN(width) && !Double.isNaN(height);
    }

    public boolean hasZSpacingMicrons() {
        return !Double.isNaN(z);
    }

    public double getPixelWidthMicrons() {
        return width;
    }

    public double getPixelHeightMicrons() {
        return height;
    }

    public double getZSpacingMicrons() {
        return z;
    }
}
