package org.masklet.fiji;

import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.masklet.wire.Fault;

/** The server's measurements.csv as a table of ImageJ's: one row for each object and frame, with the file's own columns and numbers. */
final class Measurements {
    static final String TABLE = "Masklet Measurements";

    private Measurements() {}

    /**
     * @param ids null for all
     * @return how many rows there are
     */
    static int show(ImageSession session, List<Integer> ids) throws Fault, InterruptedException {
        ResultsTable table = table(new String(session.file("measurements", ids), StandardCharsets.UTF_8));
        if (!GraphicsEnvironment.isHeadless()) table.show(TABLE);
        return table.size();
    }

    /** @throws Fault frame_invalid when it is no table of numbers */
    static ResultsTable table(String csv) throws Fault {
        String[] lines = csv.trim().split("\\r?\\n");
        String[] columns = lines[0].split(",");
        ResultsTable table = new ResultsTable();
        table.showRowNumbers(false);
        for (int i = 1; i < lines.length; i++) {
            String[] values = lines[i].split(",", -1);
            if (values.length != columns.length) throw bad();
            table.incrementCounter();
            for (int c = 0; c < columns.length; c++) {
                try {
                    table.addValue(columns[c], Double.parseDouble(values[c]));
                } catch (NumberFormatException e) {
                    throw bad();
                }
            }
        }
        for (int c = 0; c <= table.getLastColumn(); c++) table.setDecimalPlaces(c, whole(table, c) ? 0 : 4);
        return table;
    }

    private static boolean whole(ResultsTable table, int column) {
        for (int row = 0; row < table.size(); row++) if (table.getValueAsDouble(column, row) != Math.rint(table.getValueAsDouble(column, row))) return false;
        return true;
    }

    private static Fault bad() {
        return new Fault("frame_invalid", "The server sent measurements that are no table of numbers.", "Check that client and server have the same version.");
    }
}
