import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferDouble;
import java.awt.image.DataBufferFloat;
import java.awt.image.DataBufferInt;
import java.awt.image.DataBufferShort;
import java.awt.image.DataBufferUShort;
import java.awt.image.BandedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Paths;
import qupath.lib.images.servers.ImageServer;
import qupath.lib.images.servers.ImageServerMetadata;
import qupath.lib.images.servers.PixelCalibration;
import qupath.lib.images.servers.PixelType;

/**
 * An image in a file of raw little-endian values [t][z][c][y][x]. As QuPath's, a region comes with its raw values as bands, with as many
 * pixels as its size divided by the downsample and rounded; each is here the value at its top-left corner. Every read is written down.
 */
final class FileImage implements ImageServer<BufferedImage> {
    final JsonArray reads = new JsonArray();
    private final JsonObject facts;
    private final PixelType type;
    private final ByteBuffer values;

    FileImage(JsonObject facts) throws IOException {
        this.facts = facts;
        type = PixelType.valueOf(facts.get("type").getAsString());
        values = ByteBuffer.wrap(Files.readAllBytes(Paths.get(facts.get("pixels").getAsString()))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int fact(String name) {
        return facts.get(name).getAsInt();
    }

    private double size(String name) {
        return facts.has(name) ? facts.get(name).getAsDouble() : Double.NaN;
    }

    @Override
    public ImageServerMetadata getMetadata() {
        return new ImageServerMetadata(facts.get("name").getAsString());
    }

    @Override
    public PixelCalibration getPixelCalibration() {
        return new PixelCalibration(size("pixelSize"), size("pixelSize"), size("zSpacing"));
    }

    @Override
    public PixelType getPixelType() {
        return type;
    }

    @Override
    public int getWidth() {
        return fact("width");
    }

    @Override
    public int getHeight() {
        return fact("height");
    }

    @Override
    public int nChannels() {
        return fact("channels");
    }

    @Override
    public int nZSlices() {
        return fact("slices");
    }

    @Override
    public int nTimepoints() {
        return fact("frames");
    }

    @Override
    public boolean isRGB() {
        return facts.has("rgb");
    }

    @Override
    public BufferedImage readRegion(double downsample, int x, int y, int width, int height, int z, int t) throws IOException {
        if (x < 0 || y < 0 || x + width > getWidth() || y + height > getHeight()) throw new IOException("off the image: " + x + ", " + y + ", " + width + ", " + height);
        JsonArray read = new JsonArray();
        for (double number : new double[] {downsample, x, y, width, height, z, t}) read.add(number);
        reads.add(read);
        int columns = (int) Math.max(1, Math.round(width / downsample));
        int rows = (int) Math.max(1, Math.round(height / downsample));
        BufferedImage image = isRGB() ? new BufferedImage(columns, rows, BufferedImage.TYPE_INT_ARGB) : bands(columns, rows);
        WritableRaster raster = image.getRaster();
        for (int c = 0; c < nChannels(); c++) {
            for (int v = 0; v < rows; v++) {
                for (int u = 0; u < columns; u++) raster.setSample(u, v, c, value(((((long) t * nZSlices() + z) * nChannels() + c) * getHeight() + y + (int) (v * downsample)) * getWidth() + x + (int) (u * downsample)));
            }
        }
        return image;
    }

    private double value(long index) {
        int at = (int) index;
        switch (type) {
            case UINT8: return values.get(at) & 0xff;
            case UINT16: return values.getShort(2 * at) & 0xffff;
            case INT16: return values.getShort(2 * at);
            case INT32: return values.getInt(4 * at);
            case FLOAT32: return values.getFloat(4 * at);
            case FLOAT64: return values.getDouble(8 * at);
            default: return 0;
        }
    }

    private BufferedImage bands(int columns, int rows) {
        int size = columns * rows;
        int bands = nChannels();
        DataBuffer buffer;
        switch (type) {
            case UINT8: case INT8: buffer = new DataBufferByte(size, bands); break;
            case UINT16: buffer = new DataBufferUShort(size, bands); break;
            case INT16: buffer = new DataBufferShort(size, bands); break;
            case FLOAT32: buffer = new DataBufferFloat(size, bands); break;
            case FLOAT64: buffer = new DataBufferDouble(size, bands); break;
            default: buffer = new DataBufferInt(size, bands);
        }
        WritableRaster raster = Raster.createWritableRaster(new BandedSampleModel(buffer.getDataType(), columns, rows, bands), buffer, null);
        return new BufferedImage(new AnyColors(buffer.getDataType()), raster, false, null);
    }

    /** QuPath too shows any number of bands by a colour model of its own. */
    private static final class AnyColors extends ComponentColorModel {
        AnyColors(int type) {
            super(ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, Transparency.OPAQUE, type);
        }

        @Override
        public boolean isCompatibleRaster(Raster raster) {
            return true;
        }

        @Override
        public ColorModel coerceData(WritableRaster raster, boolean premultiplied) {
            return this;
        }
    }
}
