import ij.gui.Roi;
import ij.io.RoiDecoder;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** RoiSet.zip x0 y0 width height: one JSON line a ROI, with its pixels in that window as ImageJ sees them. */
final class ImagejRois {
    public static void main(String[] args) throws Exception {
        Window window = new Window(args, 1);
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(Paths.get(args[0])))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Roi roi = new RoiDecoder(zip.readAllBytes(), entry.getName()).getRoi();
                Rectangle bounds = roi.getBounds();
                ImageProcessor mask = roi.getMask();
                int pixels = bounds.width * bounds.height;
                if (mask != null) {
                    pixels = 0;
                    for (int at = 0; at < mask.getPixelCount(); at++) if (mask.get(at) != 0) pixels++;
                }
                String bits = window.bits((x, y) -> bounds.contains(x, y) && (mask == null || mask.get(x - bounds.x, y - bounds.y) != 0));
                Window.print("entry", entry.getName(), "name", roi.getName(), "type", roi.getTypeAsString(), "index", roi.getPosition(),
                    "c", roi.getCPosition(), "z", roi.getZPosition(), "t", roi.getTPosition(), "properties", roi.getProperties(),
                    "object", roi.getProperty("masklet.object"), "color", Integer.toHexString(roi.getStrokeColor().getRGB()),
                    "pixels", pixels, "bits", bits);
            }
        }
    }
}
