package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;

/** Masklet Clear Prompts: removes every object of the image; a script may name some with {@code objects=1,3}. Undo brings them back one by one. */
public final class ClearPromptsCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        String options = Macro.getOptions();
        List<Integer> ids = ObjectIds.parse(options == null ? "all" : Macro.getValue(options, "objects", "all"));
        ImageSession session = Connection.THE.session(image);
        session.refreshIfStale();
        List<Integer> removed = new ArrayList<>();
        for (Integer id : session.objects()) {
            if (ids != null && !ids.contains(id)) continue;
            session.removeObject(id);
            removed.add(id);
        }
        MaskOverlay.replace(image, session.masks());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("objects", removed);
        Masklet_Macro.succeeded("object.remove", facts);
        IJ.showStatus("Masklet: removed " + removed.size() + " objects");
    }
}
