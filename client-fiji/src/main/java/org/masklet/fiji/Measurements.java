package org.masklet.fiji;

import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.masklet.wire.Fault;

/** The server's tables as tables of ImageJ's: the file's own columns and numbers, one row for each of its lines. */
final class Measurements {
    static final String TABLE = "Masklet Measurements";
    static final String CLUSTERS = "Masklet Clusters";
    /** Columns that hold words; all others hold numbers or nothing. */
    private static final Set<String> WORDS = new HashSet<>(Arrays.asList("zingg_class", "axes_uncertain", "contact_ids", "evaluated", "verdict"));
    private static final int BASIC_COLUMNS = 15;

    /** Which columns of measurements.csv are shown. */
    enum Columns {
        /** Those that were there first: volume, centroid, box, score. */
        BASIC,
        /** And the shape. */
        SHAPE,
        /** And the grey values. */
        ALL;

        static final String[] NAMES = {"basic", "shape", "all"};

        static Columns of(String name) {
            return values()[Arrays.asList(NAMES).indexOf(name)];
        }

        private boolean shows(int column, String name) {
            return this == ALL || column < BASIC_COLUMNS || this == SHAPE && !name.startsWith("intensity_");
        }
    }

    private Measurements() {}

    /** @return how many rows there are */
    static int show(ResultsTable table, String title) {
        if (!GraphicsEnvironment.isHeadless()) table.show(title);
        return table.size();
    }

    /** @throws Fault frame_invalid when it is no table of numbers */
    static ResultsTable table(String csv, Columns shown) throws Fault {
        String[] lines = csv.trim().split("\\r?\\n");
        String[] columns = lines[0].split(",");
        ResultsTable table = new ResultsTable();
        table.showRowNumbers(false);
        for (int i = 1; i < lines.length; i++) {
            List<String> values = cells(lines[i]);
            if (values.size() != columns.length) throw bad();
            table.incrementCounter();
            for (int c = 0; c < columns.length; c++) if (shown.shows(c, columns[c])) add(table, columns[c], values.get(c));
        }
        for (int c = 0; c <= table.getLastColumn(); c++) table.setDecimalPlaces(c, whole(table, c) ? 0 : 4);
        return table;
    }

    private static void add(ResultsTable table, String column, String value) throws Fault {
        if (value.isEmpty() || WORDS.contains(column)) {
            table.addValue(column, value);
            return;
        }
        try {
            table.addValue(column, Double.parseDouble(value));
        } catch (NumberFormatException e) {
            throw bad();
        }
    }

    /** Of one line; a name may be quoted, with its quotes doubled. */
    private static List<String> cells(String line) {
        if (line.indexOf('"') < 0) return Arrays.asList(line.split(",", -1));
        List<String> found = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            if (c == '"') {
                if (!quoted && cell.length() > 0) cell.append(c); // the second of two
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                found.add(cell.toString());
                cell.setLength(0);
            } else cell.append(c);
        }
        found.add(cell.toString());
        return found;
    }

    private static boolean whole(ResultsTable table, int column) {
        for (int row = 0; row < table.size(); row++) {
            double value = table.getValueAsDouble(column, row);
            if (!Double.isNaN(value) && value != Math.rint(value)) return false;
        }
        return true;
    }

    private static Fault bad() {
        return new Fault("frame_invalid", "The server sent measurements that are no table of numbers.", "Check that client and server have the same version.");
    }
}
