package qupath.lib.images.servers;

import java.io.IOException;

public interface ImageServer<T> {
    ImageServerMetadata getMetadata();
    PixelCalibration getPixelCalibration();
    PixelType getPixelType();
    int getWidth();
    int getHeight();
    int nChannels();
    int nZSlices();
    int nTimepoints();
    boolean isRGB();
    T readRegion(double downsample, int x, int y, int width, int height, int z, int t) throws IOException;
}
