package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;
import org.masklet.wire.Mask;

/**
 * Masklet Fetch Result...: what a session holds, without a run: of the image's own session, or of another one by its id or by
 * that of a job over HTTP, which is waited for.
 */
public final class FetchCommand extends Command {
    private static final int POLL_MS = 250;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        GenericDialog dialog = new GenericDialog("Masklet Fetch Result");
        dialog.addStringField("job", "", 24);
        dialog.addStringField("objects", "all", 10);
        dialog.addChoice("output", Results.OUTPUTS, "labels");
        dialog.addMessage("job: the id of an HTTP job (job-...) or of a session (ses-...);\nempty for the session of this image.");
        if (!ask(dialog)) return;
        String id = dialog.getNextString().trim();
        List<Integer> ids = ObjectIds.parse(dialog.getNextString());
        String output = dialog.getNextChoice();

        LiveClient client = Connection.THE.client();
        ImagePlus image = WindowManager.getCurrentImage();
        String sessionId = id.startsWith("job-") ? sessionOf(client, id) : id;
        ImageSession session;
        if (sessionId.isEmpty()) session = Connection.THE.session(image = image());
        else {
            if (!sessionId.matches("ses-[A-Za-z0-9]+")) throw new Fault("options_invalid", "\"" + id + "\" is no id of a job or a session.", "They look like job-0a1b2c3d4e5f or ses-Ab3dEf9h.");
            Frame volume = client.get("/v1/volumes/" + client.get("/v1/sessions/" + sessionId).text("volumeId"));
            boolean fits = image != null && VolumeImage.fits(volume, image);
            if (!fits) image = VolumeImage.of(volume);
            if (!fits && output.equals("overlay")) throw new Fault("no_image", "The image \"" + image.getTitle() + "\" of this result is not open.", "Open it first, or choose another output.");
            session = ImageSession.of(client, image, sessionId);
        }
        session.refresh();
        List<Mask> masks = session.masks(ids);
        if (masks.isEmpty()) throw new Fault("export_empty", "There is no mask in this session" + (ids == null ? "" : " of these objects") + " yet.", "Segment or propagate first.");
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("session", session.sessionId);
        facts.put("objects", Results.objects(masks));
        Results.show(image, session, ids, output, facts);
        Masklet_Macro.succeeded("fetch", facts);
        IJ.showStatus("Masklet: " + Results.count(masks));
    }

    /** Waits until the job ends; Escape stops the waiting, not the job. */
    private static String sessionOf(LiveClient client, String jobId) throws Fault, InterruptedException {
        if (!jobId.matches("job-[A-Za-z0-9]+")) throw new Fault("options_invalid", "\"" + jobId + "\" is no id of a job.", "It looks like job-0a1b2c3d4e5f.");
        IJ.resetEscape();
        while (true) {
            Frame job = client.get("/v1/jobs/" + jobId);
            String state = job.text("state");
            if (state.equals("failed")) throw Fault.of(job.map("error").members());
            if (!state.equals("queued") && !state.equals("running")) return job.text("sessionId");
            IJ.showStatus("Masklet: the job is " + state + ", " + Follow.words(job.map("progress")) + " (Esc stops waiting)");
            for (int waited = 0; waited < POLL_MS; waited += 50) {
                if (IJ.escapePressed()) throw new Fault("cancelled", "Stopped waiting; the job goes on.", "Fetch its result later.");
                Thread.sleep(50);
            }
        }
    }
}
