import ij.process.AutoThresholder;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.simple.JSONObject;

/**
 * Reads a line an item from stdin and prints a JSON line for each. `histogram` and 256 counts: the bin that each automatic method chooses, null where it fails.
 * `image`, 8, 16 or 32 bits and the values of one row: for each method the grey value from which a pixel is
 * foreground on a dark background, and up to which it is on a bright one.
 */
final class ImagejThresholds {
    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder out = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.trim().split(" ");
            Map<String, Object> found = new LinkedHashMap<>();
            if (words[0].equals("histogram")) {
                int[] counts = new int[256];
                for (int bin = 0; bin < 256; bin++) counts[bin] = Integer.parseInt(words[bin + 1]);
                for (AutoThresholder.Method method : AutoThresholder.Method.values()) {
                    found.put(method.toString(), bin(method, counts.clone()));
                }
            } else {
                ImageProcessor image = image(Integer.parseInt(words[1]), Arrays.copyOfRange(words, 2, words.length));
                for (AutoThresholder.Method method : AutoThresholder.Method.values()) found.put(method.toString(), greys(method, image));
            }
            out.append(JSONObject.toJSONString(found)).append('\n');
        }
        System.out.print(out);
    }

    /** Null where ImageJ itself fails. */
    private static Integer bin(AutoThresholder.Method method, int[] counts) {
        try {
            return new AutoThresholder().getThreshold(method, counts);
        } catch (ArrayIndexOutOfBoundsException failed) {
            return null;
        }
    }

    /** The least bright grey value, and the greatest dark one. */
    private static List<Double> greys(AutoThresholder.Method method, ImageProcessor image) {
        try {
            List<Double> ends = new ArrayList<>();
            image.setAutoThreshold(method + " dark");
            ends.add(image.getMinThreshold());
            image.setAutoThreshold(method.toString());
            ends.add(image.getMaxThreshold());
            return ends;
        } catch (ArrayIndexOutOfBoundsException failed) {
            return null;
        }
    }

    private static ImageProcessor image(int bits, String[] words) {
        ImageProcessor image = bits == 8 ? new ByteProcessor(words.length, 1) : bits == 16 ? new ShortProcessor(words.length, 1) : new FloatProcessor(words.length, 1);
        for (int x = 0; x < words.length; x++) image.setf(x, 0, Float.parseFloat(words[x]));
        image.resetMinAndMax();
        return image;
    }
}
