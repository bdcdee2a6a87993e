package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Messages;

/** Masklet Measure...: size, shape, orientation and neighbours of each object, and of each cluster, in calibrated units, as results tables. */
public final class MeasureCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Measure");
        dialog.addStringField("objects", "all", 10);
        dialog.addChoice("columns", Measurements.Columns.NAMES, "basic");
        dialog.addCheckbox("clusters", false);
        ReportPage.add(dialog);
        dialog.addMessage("columns: basic: volume, place, score; shape: and surface, radii, axes, contacts;\nall: and grey values, for which all slices go to the server.\nclusters: objects that touch, as one body each.");
        if (!ask(dialog)) return;
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        Measurements.Columns columns = Measurements.Columns.of(dialog.getNextChoice());
        boolean clusters = dialog.getNextBoolean();
        ReportPage report = ReportPage.next(dialog);

        ImageSession session = Connection.THE.session(image);
        List<String> files = new ArrayList<>();
        files.add("measurements.csv");
        if (clusters) files.add("clusters.csv");
        if (report != null) files.add(ReportPage.NAME);
        boolean grey = columns == Measurements.Columns.ALL;
        Integer channel = grey && channel(image) > 0 ? channel(image) : null;
        Frame value = session.ask(Messages.measure(session.sessionId, ids, null, grey, null, channel, files), "measuring");

        Map<String, Object> facts = new LinkedHashMap<>();
        int rows = Measurements.show(Measurements.table(text(value, "measurements.csv"), columns), Measurements.TABLE);
        facts.put("measured", rows);
        if (clusters) facts.put("clusters", Measurements.show(Measurements.table(text(value, "clusters.csv"), columns), Measurements.CLUSTERS));
        if (report != null) facts.put("report", report.show(file(value, ReportPage.NAME), LabelImage.stem(image)));
        Masklet_Macro.succeeded("measure", facts);
        IJ.showStatus("Masklet: " + rows + " rows in the table " + Measurements.TABLE);
    }

    static String text(Frame value, String name) throws Fault {
        return new String(file(value, name), StandardCharsets.UTF_8);
    }

    /** Bytes of one of the files that came with an answer. */
    static byte[] file(Frame value, String name) throws Fault {
        for (Frame file : value.maps("files")) if (file.text("name").equals(name)) return file.binary("data");
        throw new Fault("frame_invalid", "The server sent no " + name + ".", "Check that client and server have the same version.");
    }
}
