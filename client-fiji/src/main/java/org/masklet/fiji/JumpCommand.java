package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.gui.Roi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Mask;

/**
 * Masklet Jump To Worst Slice: shows the outline that is most in need of a look and selects it; at each further call the next
 * one. A script may look at some objects alone with {@code objects=1,3}.
 */
public final class JumpCommand extends Command {
    /** The image property that holds what was visited. */
    private static final String VISITED = "masklet.visited";

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        String options = Macro.getOptions();
        List<Integer> ids = ObjectIds.parse(options == null ? "all" : Macro.getValue(options, "objects", "all"));
        ImageSession session = Connection.THE.session(image);
        session.refreshIfStale();
        List<Mask> ranked = WorstFirst.of(session.masks(ids));
        if (ranked.isEmpty()) throw new Fault("export_empty", "There is no mask to look at.", "Segment or propagate first.");
        String visited = image.getProperty(VISITED) instanceof String ? (String) image.getProperty(VISITED) : "";
        int at = 0;
        while (at < ranked.size() && visited.contains(WorstFirst.mark(ranked.get(at)))) at++;
        if (at == ranked.size()) { // all were seen: from the worst again
            at = 0;
            visited = "";
        }
        Mask mask = ranked.get(at);
        image.setProperty(VISITED, visited + WorstFirst.mark(mask));
        show(image, mask);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("object", mask.objectId);
        facts.put("slice", mask.index + 1);
        facts.put("frame", mask.t + 1);
        facts.put("score", mask.score);
        facts.put("warnings", mask.warnings);
        facts.put("rank", at + 1);
        facts.put("of", ranked.size());
        Masklet_Macro.succeeded("jump", facts);
        String frame = image.getNFrames() > 1 ? ", frame " + (mask.t + 1) : "";
        IJ.showStatus(String.format("Masklet: object %d, slice %d%s, score %.2f: %s (%d of %d)", mask.objectId, mask.index + 1, frame, mask.score, WorstFirst.reason(mask), at + 1, ranked.size()));
    }

    /** The object becomes the one that corrections mean first. */
    private static void show(ImagePlus image, Mask mask) {
        image.setPosition(image.getC(), mask.index + 1, mask.t + 1);
        Roi roi = MaskRois.of(mask, image);
        if (roi != null) image.setRoi(roi);
        image.setProperty(AddPromptCommand.OBJECT, Integer.toString(mask.objectId));
    }
}
