import ij.ImagePlus;
import ij.ImageStack;
import ij.Prefs;
import ij.io.FileSaver;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.nio.file.Paths;

/** folder: writes TIFFs as ImageJ saves them, and prints a line for each as ImagejTiff does. */
final class ImagejTiffMaker {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 5;

    public static void main(String[] args) {
        for (boolean intel : new boolean[] {false, true}) {
            Prefs.intelByteOrder = intel;
            String order = intel ? "II" : "MM";
            for (int bits : new int[] {8, 16, 32, 24}) {
                save(args[0], order + "-" + bits + "-stack.tif", image(bits, 1, 3, 1), false);
                save(args[0], order + "-" + bits + "-single.tif", image(bits, 1, 1, 1), false);
                if (bits != 24) save(args[0], order + "-" + bits + "-hyper.tif", image(bits, 2, 3, 4), true);
            }
            save(args[0], order + "-frames.tif", image(16, 1, 1, 4), true);
            ImagePlus palette = image(8, 1, 1, 1);
            byte[] ramp = new byte[256];
            byte[] back = new byte[256];
            for (int at = 0; at < 256; at++) {
                ramp[at] = (byte) at;
                back[at] = (byte) (255 - at);
            }
            palette.getProcessor().setLut(new LUT(ramp, back, ramp));
            save(args[0], order + "-palette.tif", palette, false);
        }
    }

    private static ImagePlus image(int bits, int c, int z, int t) {
        ImageStack stack = new ImageStack(WIDTH, HEIGHT);
        for (int n = 0; n < c * z * t; n++) {
            ImageProcessor plane = processor(bits);
            for (int at = 0; at < WIDTH * HEIGHT; at++) {
                int value = (at + 1) * 2654435 + n * 40503;
                if (bits == 32) plane.setf(at, value / 1024f - 1e6f);
                else plane.set(at, bits == 24 ? value | 0xff000000 : value & ((1 << bits) - 1));
            }
            stack.addSlice("plane " + (n + 1), plane);
        }
        ImagePlus image = new ImagePlus("made", stack);
        image.setDimensions(c, z, t);
        if (c * z * t > 1 && z * t > 1 && c + t > 2) image.setOpenAsHyperStack(true);
        return image;
    }

    private static ImageProcessor processor(int bits) {
        if (bits == 8) return new ByteProcessor(WIDTH, HEIGHT);
        if (bits == 16) return new ShortProcessor(WIDTH, HEIGHT);
        return bits == 32 ? new FloatProcessor(WIDTH, HEIGHT) : new ColorProcessor(WIDTH, HEIGHT);
    }

    private static void save(String folder, String name, ImagePlus image, boolean calibrated) {
        if (calibrated) {
            Calibration calibration = image.getCalibration();
            calibration.pixelWidth = 0.25;
            calibration.pixelHeight = 0.5;
            calibration.pixelDepth = 2;
            calibration.setUnit("\u00B5m");
            image.setDisplayRange(3, 40);
        }
        String file = Paths.get(folder, name).toString();
        FileSaver saver = new FileSaver(image);
        boolean saved = image.getStackSize() > 1 ? saver.saveAsTiffStack(file) : saver.saveAsTiff(file);
        if (!saved) throw new IllegalStateException("not saved: " + file);
        ImagejTiff.describe(file, image);
    }
}
