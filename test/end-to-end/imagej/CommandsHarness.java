import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import java.awt.TextField;
import java.awt.event.KeyEvent;
import java.util.Objects;

/**
 * Uses the commands around a propagation as a person does: live preview, prompts from the ROI Manager, corrections, jumps,
 * tables, fetched results, one line for a volume. Arguments: server address, OUT, and
 * "live" for the live preview alone, of a network.
 */
public class CommandsHarness extends Screen {
    private static final String ENTRIES = "setSlice(4); makeRectangle(4, 8, 16, 16); roiManager('add'); setSlice(6); makeRectangle(38, 8, 16, 16); roiManager('add'); roiManager('deselect'); run('Select None');\n";
    private static final String POINT = "makePoint(46, 16);\n";
    private static String server;

    public static void main(String[] arguments) throws Exception {
        server = arguments[0];
        use(arguments[1], () -> {
            IJ.runMacro("run('Masklet Connect...', 'server=" + server + " timeout=3');");
            new Recorder();
            Recorder.getInstance().setBounds(20, 600, 1060, 190);
            if (arguments.length > 2) {
                liveOnNetwork();
                return;
            }
            live();
            previewInDialog();
            work();
            escape();
            escapeVolume(arguments[1]);
        });
    }

    /** The toggle: an outline follows the selection, the slice and its removal; nothing is stored. */
    private static void live() throws Exception {
        ImagePlus source = squares();
        IJ.doCommand("Masklet Live Preview");
        tell("liveOn", await("the toggle", () -> result().contains("\"preview\":true") ? result() : null));
        dragRectangle(source, 4, 8, 20, 24);
        long drawnAt = System.nanoTime();
        await("an outline", () -> outlines(source) == 1 ? true : null);
        tell("liveMs", (System.nanoTime() - drawnAt) / 1_000_000);
        tell("liveOutline", source.getOverlay().get(0).getBounds() + " " + source.getOverlay().get(0).getProperty("masklet.object"));
        tell("liveStatus", await("the count", () -> status().contains("pixels") ? status() : null));
        IJ.wait(200);
        picture("live-preview");
        source.setRoi(new Roi(38, 8, 16, 16)); // before the answer comes the next selection is there
        IJ.wait(200);
        source.setRoi(new Roi(4, 8, 50, 16));
        await("the outline of both", () -> outlines(source) == 1 && source.getOverlay().get(0).getBounds().width == 46 ? true : null);
        source.setSlice(1);
        await("nothing on an empty slice", () -> outlines(source) == 0 ? true : null);
        tell("liveNothing", await("the sentence", () -> status().contains("nothing found") ? status() : null));
        source.setSlice(5);
        await("the outline again", () -> outlines(source) == 1 ? true : null);
        source.deleteRoi();
        await("no selection, no outline", () -> outlines(source) == 0 ? true : null);
        source.setRoi(new Roi(4, 8, 16, 16));
        await("the outline", () -> outlines(source) == 1 ? true : null);
        IJ.doCommand("Masklet Live Preview");
        tell("liveOff", await("the toggle", () -> result().contains("\"preview\":false") ? result() : null));
        tell("liveLeft", outlines(source));
        IJ.wait(300);
        tell("liveRecorded", Recorder.getInstance().getText());
        close(source);
    }

    /** Where the outline is exactly, a network decides. */
    private static void liveOnNetwork() throws Exception {
        ImagePlus source = squares();
        IJ.doCommand("Masklet Live Preview");
        await("the toggle", () -> result().contains("\"preview\":true") ? true : null);
        dragRectangle(source, 4, 8, 20, 24);
        await("an outline", () -> outlines(source) == 1 ? true : null);
        tell("left", source.getOverlay().get(0).getBounds().getCenterX());
        long changedAt = System.nanoTime();
        source.setRoi(new Roi(38, 8, 16, 16));
        await("the other outline", () -> outlines(source) == 1 && source.getOverlay().get(0).getBounds().x > 30 ? true : null);
        tell("ms", (System.nanoTime() - changedAt) / 1_000_000);
        tell("right", source.getOverlay().get(0).getBounds().getCenterX());
        picture("live-network");
        IJ.doCommand("Masklet Live Preview");
        await("the toggle", () -> result().contains("\"preview\":false") ? true : null);
        tell("leftOver", outlines(source));
    }

    /** The box in the dialog of a prompt: the selection may still be changed while it is open. */
    private static void previewInDialog() throws Exception {
        ImagePlus source = squares();
        source.setRoi(new Roi(4, 8, 16, 16));
        IJ.doCommand("Masklet Add Prompt...");
        GenericDialog dialog = await("the dialog", Screen::openDialog);
        IJ.wait(300);
        dialog.setLocation(420, 100);
        tick(dialog);
        await("an outline", () -> outlines(source) == 1 ? true : null);
        source.setRoi(new Roi(38, 8, 16, 16));
        await("the other outline", () -> outlines(source) == 1 && source.getOverlay().get(0).getBounds().x == 40 ? true : null);
        IJ.wait(200);
        picture("prompt-preview");
        ((TextField) dialog.getStringFields().get(0)).setText("7");
        IJ.wait(100);
        enter(dialog);
        tell("previewThenPrompt", await("the prompt", () -> result().contains("prompt.set") ? result() : null));
        IJ.wait(300);
        tell("promptOutlines", drawn(source));
        close(source);
    }

    /** All commands by their dialogs; the Recorder's text, replayed, gives the same labels and outlines. */
    private static void work() throws Exception {
        ImagePlus source = squares();
        int from = Recorder.getInstance().getText().length();
        dialog("Masklet Choose Model...", "choose-model-dialog", texts -> { }, "fake-tiny");
        recorded("Masklet Choose Model...");
        IJ.runMacro(ENTRIES);
        RoiManager.getInstance().setLocation(860, 180);
        dialog("Masklet Prompts From ROI Manager...", "rois-dialog", texts -> { });
        recorded("Masklet Prompts From ROI Manager...");
        tell("rois", result());
        dialog("Masklet Propagate...", null, texts -> { }, "overlay");
        recorded("Masklet Propagate...");
        IJ.doCommand("Masklet Jump To Worst Slice");
        tell("jump", await("the jump", () -> result().contains("\"jump\"") ? result() : null));
        tell("jumpStatus", await("its sentence", () -> status().startsWith("Masklet: object") ? status() : null));
        IJ.wait(300);
        tell("jumpPlace", source.getSlice() + " " + source.getRoi().getBounds());
        picture("jump");
        IJ.runMacro(POINT);
        dialog("Masklet Refine...", "refine-dialog", texts -> texts.get(0).setText("2"));
        recorded("Masklet Refine...");
        tell("refine", result());
        dialog("Masklet Measure...", "measure-dialog", texts -> { });
        recorded("Masklet Measure...");
        await("the table", () -> WindowManager.getWindow("Masklet Measurements"));
        WindowManager.getWindow("Masklet Measurements").setBounds(20, 400, 1000, 180);
        IJ.wait(300);
        picture("measurements");
        IJ.selectWindow("squares.tif");
        dialog("Masklet Fetch Result...", "fetch-dialog", texts -> { });
        recorded("Masklet Fetch Result...");
        tell("fetch", result());
        ImagePlus labels = Objects.requireNonNull(WindowManager.getImage("squares-labels"));
        ImagePlus first = labels.duplicate();
        String before = drawn(source);
        close(labels);
        IJ.selectWindow("squares.tif");
        dialog("Masklet Segment Volume...", "volume-dialog", texts -> {
            texts.get(0).setText(server);
            texts.get(1).setText("5:box:z5:22,34,32,44");
        });
        recorded("Masklet Segment Volume...");
        tell("volume", result());
        ImagePlus volume = Objects.requireNonNull(WindowManager.getImage("squares-labels"));
        ImagePlus second = volume.duplicate();
        close(volume);
        String recorded = Recorder.getInstance().getText().substring(from).replaceAll("(?m)^(?!run\\(\"Masklet).*\n", "");
        tell("recorded", recorded);
        RoiManager.getInstance().reset();
        close(source);

        ImagePlus again = squares();
        int cut = recorded.indexOf("run(\"Masklet Segment Volume...");
        // What a person draws with the mouse is recorded by ImageJ itself; here it was done by lines.
        IJ.runMacro(recorded.substring(0, cut).replace("run(\"Masklet Prompts", ENTRIES + "run(\"Masklet Prompts").replace("run(\"Masklet Refine", POINT + "run(\"Masklet Refine"));
        tell("replayEqual", before.equals(drawn(again)) && equal(first, Objects.requireNonNull(WindowManager.getImage("squares-labels"))));
        close(WindowManager.getImage("squares-labels"));
        IJ.selectWindow("squares.tif");
        IJ.runMacro(recorded.substring(cut));
        tell("volumeEqual", equal(second, Objects.requireNonNull(WindowManager.getImage("squares-labels"))));
        close(WindowManager.getImage("squares-labels"));
        close(again);
    }

    /** Sixty entries; the person presses Escape after a few. */
    private static void escape() throws Exception {
        ImagePlus source = squares();
        RoiManager manager = RoiManager.getInstance();
        manager.reset();
        for (int i = 0; i < 60; i++) {
            Roi roi = new Roi(6 + i % 5, 10, 6, 6);
            roi.setName("r" + i);
            roi.setPosition(2 + i % 7);
            manager.addRoi(roi);
        }
        IJ.doCommand("Masklet Prompts From ROI Manager...");
        GenericDialog dialog = await("the dialog", Screen::openDialog);
        IJ.wait(300);
        enter(dialog);
        await("the first outlines", () -> outlines(source) >= 4 ? true : null);
        String[] over = escape(IJ.getInstance(), () -> result().contains("prompts.put") && result().contains("\"cancelled\":true") ? result() : null);
        tell("escape", over[0]);
        tell("escapeMs", over[1]);
        tell("escapeOutlines", outlines(source));
        IJ.wait(300);
        IJ.selectWindow("squares.tif");
        IJ.doCommand("Masklet Undo");
        tell("undone", await("the undo", () -> result().contains("\"undone\":\"prompts.put\"") ? result() : null));
        tell("undoneOutlines", outlines(source));
        IJ.wait(300);
        dialog("Masklet Fetch Result...", null, texts -> texts.get(0).setText("job-forever"));
        await("the waiting", () -> status().contains("the job is running") ? true : null);
        tell("fetchEscape", escape(IJ.getInstance(), () -> result().contains("cancelled") && status().contains("the job goes on") ? result() : null)[0]);
        tell("fetchDialogs", openMessage() == null);
        close(source);
    }

    /** A long stack, so that many planes are left; its files are not written. */
    private static void escapeVolume(String folder) throws Exception {
        IJ.runMacro("newImage('long.tif', '16-bit black', 64, 48, 200); setColor(900); for (z = 1; z <= 200; z++) { setSlice(z); fillRect(6, 10, 12, 12); } setMinAndMax(0, 1000);");
        ImagePlus source = WindowManager.getCurrentImage();
        dialog("Masklet Segment Volume...", null, texts -> {
            texts.get(0).setText(server);
            texts.get(1).setText("1:box:z100:4,8,20,24");
            texts.get(2).setText(folder + "/stopped");
        }, "all");
        await("the first outlines", () -> outlines(source) >= 4 ? true : null);
        String[] over = escape(IJ.getInstance(), () -> result().contains("segment-volume") && result().contains("\"cancelled\":true") ? result() : null);
        tell("volumeEscape", over[0]);
        tell("volumeEscapeMs", over[1]);
        tell("volumeEscapeFiles", String.join("|", new java.io.File(folder, "stopped").list()));
        tell("volumeEscapeKept", outlines(source) + " " + WindowManager.getImage("long-labels").getStackSize());
    }

    private static ImagePlus squares() {
        IJ.runMacro("newImage('squares.tif', '16-bit black', 64, 48, 9); setColor(900);"
            + "for (z = 2; z <= 8; z++) { setSlice(z); fillRect(6, 10, 12, 12); fillRect(40, 10, 12, 12); }"
            + "setSlice(5); fillRect(24, 36, 6, 6); setMinAndMax(0, 1000);");
        ImagePlus image = WindowManager.getCurrentImage();
        enlarge(image, 20, 120, 5);
        return image;
    }

    private static void close(ImagePlus image) {
        image.changes = false;
        image.close();
    }
}
