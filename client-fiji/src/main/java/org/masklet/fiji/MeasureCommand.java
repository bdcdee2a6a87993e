package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;

/** Masklet Measure...: volume, centroid, box, score and neighbours of each object, in calibrated units, as a results table. */
public final class MeasureCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Measure");
        dialog.addStringField("objects", "all", 10);
        if (!ask(dialog)) return;
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        int rows = Measurements.show(Connection.THE.session(image), ids);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("measured", rows);
        Masklet_Macro.succeeded("measure", facts);
        IJ.showStatus("Masklet: " + rows + " rows in the table " + Measurements.TABLE);
    }
}
