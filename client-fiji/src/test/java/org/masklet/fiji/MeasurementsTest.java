package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import ij.measure.ResultsTable;
import org.junit.Test;
import org.masklet.wire.Fault;

public class MeasurementsTest {
    @Test
    public void theTableHasTheFilesColumnsAndNumbers() throws Fault {
        ResultsTable table = Measurements.table("object_id,t,voxels,volume_um3,score\n3,0,225,112.5,0.875\n300,1,7,3.5,0.5\n");
        assertEquals(2, table.size());
        assertEquals("object_id,t,voxels,volume_um3,score", String.join(",", table.getHeadings()));
        assertEquals(112.5, table.getValue("volume_um3", 0), 0);
        assertEquals("300", table.getStringValue("object_id", 1));
        assertEquals("0.8750", table.getStringValue("score", 0));
    }

    @Test
    public void whatIsNoTableIsSaid() {
        for (String wrong : new String[] {"a,b\n1\n", "a,b\n1,x\n"}) {
            try {
                fail(wrong + Measurements.table(wrong).size());
            } catch (Fault fault) {
                assertEquals("frame_invalid", fault.code());
            }
        }
    }
}
