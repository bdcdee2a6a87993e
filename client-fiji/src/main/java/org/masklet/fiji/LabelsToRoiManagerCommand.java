package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;

/** Masklet Labels To ROI Manager...: of a label image, or of the session of the image it came from. */
public final class LabelsToRoiManagerCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Labels To ROI Manager");
        dialog.addStringField("objects", "all", 10);
        if (!ask(dialog)) return;
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        List<Roi> rois = LabelImage.isTitled(image) || !Connection.THE.knows(image) ? LabelRois.of(image, ids) : ofSession(image, ids);
        if (rois.isEmpty()) throw new Fault("export_empty", "There is no mask to make outlines of.", "Segment or propagate first.");
        RoiOutput.add(rois);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("rois", rois.size());
        Masklet_Macro.succeeded("labels.get", facts);
        IJ.showStatus("Masklet: " + rois.size() + " outlines in the ROI Manager");
    }

    private static List<Roi> ofSession(ImagePlus image, List<Integer> ids) throws Fault, InterruptedException {
        ImageSession session = Connection.THE.session(image);
        session.refresh();
        return SessionRois.of(image, session.masks(ids));
    }
}
