package org.masklet.fiji;

import ij.process.LUT;
import java.awt.Color;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import org.masklet.wire.Fault;
import org.masklet.wire.Json;

/** One colour an object: entry 1 + (id - 1) mod 255 of the table that the server's outlines use too; entry 0 is black. */
final class ObjectColors {
    private static final int[][] TABLE = read();

    private ObjectColors() {}

    static Color of(int objectId) {
        int[] rgb = TABLE[1 + (objectId - 1) % 255];
        return new Color(rgb[0], rgb[1], rgb[2]);
    }

    static LUT lut() {
        byte[][] planes = new byte[3][256];
        for (int i = 0; i < 256; i++) for (int c = 0; c < 3; c++) planes[c][i] = (byte) TABLE[i][c];
        return new LUT(planes[0], planes[1], planes[2]);
    }

    private static int[][] read() {
        try (InputStream in = ObjectColors.class.getResourceAsStream("object-colors.json");
             Scanner text = new Scanner(in, StandardCharsets.UTF_8.name()).useDelimiter("\\A")) {
            List<?> rows = (List<?>) Json.read(text.next());
            int[][] table = new int[256][3];
            for (int i = 0; i < 256; i++) for (int c = 0; c < 3; c++) table[i][c] = ((Number) ((List<?>) rows.get(i)).get(c)).intValue();
            return table;
        } catch (IOException | Fault e) {
            throw new IllegalStateException("the jar lacks its colour table", e);
        }
    }
}
