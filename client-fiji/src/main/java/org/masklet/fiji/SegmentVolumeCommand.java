package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.util.List;
import org.masklet.wire.Fault;
import org.masklet.wire.Messages;

/** Masklet Segment Volume...: prompts, the run and its files in one line, for scripts. */
public final class SegmentVolumeCommand extends Command {
    @Override
    void execute(String argument) throws Fault, InterruptedException {
        ImagePlus image = image();
        GenericDialog dialog = new GenericDialog("Masklet Segment Volume");
        dialog.addStringField("server", Connection.lastServer(), 28);
        dialog.addStringField("prompts", "", 28);
        dialog.addChoice("axis", new String[] {"z", "t"}, image.getNSlices() > 1 || image.getNFrames() == 1 ? "z" : "t");
        dialog.addChoice("output", Results.OUTPUTS, "labels");
        dialog.addDirectoryField("save", "", 24);
        ModelChoice.add(dialog);
        dialog.addMessage("prompts: such as 1:box:z12:10,20,60,80;2:point:z7:33,41,+ (z from 1).\nsave: a folder for the label image, the ROIs and the measurements.");
        if (!ask(dialog)) return;
        String server = dialog.getNextString().trim();
        PromptList prompts = PromptText.parse(dialog.getNextString(), image);
        String axis = dialog.getNextChoice();
        String output = dialog.getNextChoice();
        ResultFiles files = ResultFiles.in(dialog.getNextString());
        String model = ModelChoice.next(dialog);

        if (!server.isEmpty()) Connection.THE.use(server);
        ImageSession session = Connection.THE.session(image);
        List<Integer> ids = prompts.ids();
        boolean picture = SliceRange.size(image, axis) == 1; // in which there is nothing to follow: the prompts' own masks are all
        MaskRun run = new MaskRun(session, image, Messages.promptsPut(session.sessionId, prompts.frames(), picture ? Boolean.TRUE : null, model), "prompting", picture ? output : Results.NOTHING);
        if (!picture && run.value != null) {
            run = new MaskRun(session, image, Messages.propagate(session.sessionId, ids, axis, null, "both", null, model), "propagating", output);
            if (run.value != null) run.facts.put("ends", run.value.list("ends"));
        }
        // What was stopped stays in the session; a folder gets whole results alone.
        if (files != null && run.value != null) run.facts.put("saved", files.write(image, session, ids));
        run.finish("segment-volume", ids, output);
    }
}
