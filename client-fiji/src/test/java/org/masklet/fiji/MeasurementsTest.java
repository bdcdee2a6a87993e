package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import ij.measure.ResultsTable;
import org.junit.Test;
import org.masklet.wire.Fault;

public class MeasurementsTest {
    @Test
    public void theTableHasTheFilesColumnsAndNumbers() throws Fault {
        ResultsTable table = Measurements.table("object_id,t,voxels,volume_um3,score\n3,0,225,112.5,0.875\n300,1,7,3.5,0.5\n", Measurements.Columns.ALL);
        assertEquals(2, table.size());
        assertEquals("object_id,t,voxels,volume_um3,score", String.join(",", table.getHeadings()));
        assertEquals(112.5, table.getValue("volume_um3", 0), 0);
        assertEquals("300", table.getStringValue("object_id", 1));
        assertEquals("0.8750", table.getStringValue("score", 0));
    }

    @Test
    public void columnsAreChosenAndWordsAndGapsStay() throws Fault {
        StringBuilder head = new StringBuilder("object_id");
        StringBuilder row = new StringBuilder("7");
        for (int i = 1; i < 15; i++) {
            head.append(",c").append(i);
            row.append(',').append(i + 0.5);
        }
        String csv = head + ",surface_um2,zingg_class,contact_ids,min_feret_um,intensity_mean\n" + row + ",2.25,disc,3 300,,\n";
        assertEquals(15, Measurements.table(csv, Measurements.Columns.BASIC).getHeadings().length);
        ResultsTable shape = Measurements.table(csv, Measurements.Columns.of("shape"));
        assertEquals("min_feret_um", shape.getHeadings()[18]);
        assertEquals("disc", shape.getStringValue("zingg_class", 0));
        assertEquals("3 300", shape.getStringValue("contact_ids", 0));
        assertEquals("", shape.getStringValue("min_feret_um", 0));
        assertEquals(2.25, shape.getValue("surface_um2", 0), 0);
        assertEquals(20, Measurements.table(csv, Measurements.Columns.of("all")).getHeadings().length);
    }

    @Test
    public void aQuotedNameIsOneCell() throws Fault {
        ResultsTable table = Measurements.table("evaluated,truth_id\n\"a \"\"b\"\", c\",3\n", Measurements.Columns.ALL);
        assertEquals("a \"b\", c", table.getStringValue("evaluated", 0));
        assertEquals(3, table.getValue("truth_id", 0), 0);
    }

    @Test
    public void whatIsNoTableIsSaid() {
        for (String wrong : new String[] {"a,b\n1\n", "a,b\n1,x\n"}) {
            try {
                fail(wrong + Measurements.table(wrong, Measurements.Columns.ALL).size());
            } catch (Fault fault) {
                assertEquals("frame_invalid", fault.code());
            }
        }
    }
}
