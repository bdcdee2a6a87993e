import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.measure.Calibration;
import ij.process.LUT;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** file.tif ...: one JSON line a file, as ImageJ opens it; a plane's number is the CRC-32 of its raw little-endian values. */
final class ImagejTiff {
    public static void main(String[] args) {
        for (String file : args) describe(file, IJ.openImage(file));
    }

    static void describe(String file, ImagePlus image) {
        Calibration calibration = image.getCalibration();
        List<Long> planes = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int n = 1; n <= image.getStackSize(); n++) {
            planes.add(crc(image.getStack().getPixels(n)));
            labels.add(image.getStack().getSliceLabel(n));
        }
        // A composite image keeps range and colours by channel; without a window its processor does not have them yet.
        boolean composite = image instanceof CompositeImage;
        LUT lut = composite ? ((CompositeImage) image).getChannelLut(1) : image.getProcessor().getLut();
        double min = composite ? lut.min : image.getDisplayRangeMin();
        double max = composite ? lut.max : image.getDisplayRangeMax();
        StringBuilder table = new StringBuilder();
        boolean grey = composite ? ((CompositeImage) image).getMode() == IJ.GRAYSCALE : image.getProcessor().isDefaultLut();
        for (int at = 0; lut != null && at < 256; at++) table.append(String.format("%06x", lut.getRGB(at) & 0xffffff));
        Window.print("file", file, "title", image.getTitle(), "x", image.getWidth(), "y", image.getHeight(), "c", image.getNChannels(), "z", image.getNSlices(),
            "t", image.getNFrames(), "bitDepth", image.getBitDepth(), "hyperstack", image.isHyperStack() || image.getOpenAsHyperStack(),
            "pixelWidth", calibration.pixelWidth, "pixelHeight", calibration.pixelHeight, "pixelDepth", calibration.pixelDepth, "unit", calibration.getUnit(),
            "min", min, "max", max, "grey", grey, "lut", table.toString(), "labels", labels, "planes", planes);
    }

    static long crc(Object pixels) {
        ByteBuffer bytes;
        if (pixels instanceof byte[]) {
            bytes = ByteBuffer.wrap((byte[]) pixels);
        } else if (pixels instanceof short[]) {
            bytes = ByteBuffer.allocate(2 * ((short[]) pixels).length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asShortBuffer().put((short[]) pixels);
        } else if (pixels instanceof float[]) {
            bytes = ByteBuffer.allocate(4 * ((float[]) pixels).length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put((float[]) pixels);
        } else {
            bytes = ByteBuffer.allocate(4 * ((int[]) pixels).length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put((int[]) pixels);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.array());
        return crc.getValue();
    }
}
