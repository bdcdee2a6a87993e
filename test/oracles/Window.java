import java.util.LinkedHashMap;
import java.util.Map;
import org.json.simple.JSONObject;

/** The part of a plane whose pixels are printed: one bit a pixel, rows padded to a byte, most significant bit first, as hex. */
final class Window {
    interface Inside {
        boolean at(int x, int y);
    }

    private final int x0;
    private final int y0;
    private final int width;
    private final int height;

    Window(String[] args, int from) {
        x0 = Integer.parseInt(args[from]);
        y0 = Integer.parseInt(args[from + 1]);
        width = Integer.parseInt(args[from + 2]);
        height = Integer.parseInt(args[from + 3]);
    }

    String bits(Inside inside) {
        int rowBytes = (width + 7) / 8;
        StringBuilder hex = new StringBuilder();
        for (int y = 0; y < height; y++) {
            for (int column = 0; column < rowBytes; column++) {
                int bits = 0;
                for (int x = 8 * column; x < Math.min(width, 8 * column + 8); x++) {
                    if (inside.at(x0 + x, y0 + y)) bits |= 0x80 >> (x & 7);
                }
                hex.append(String.format("%02x", bits));
            }
        }
        return hex.toString();
    }

    /** One JSON line of name, value, name, value, ... */
    static void print(Object... members) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < members.length; at += 2) map.put((String) members[at], members[at + 1]);
        System.out.println(JSONObject.toJSONString(map));
    }
}
