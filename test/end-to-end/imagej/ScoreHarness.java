import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.measure.ResultsTable;
import ij.plugin.frame.Recorder;
import java.awt.Choice;

/** Measures and judges by the menu and its dialogs, and replays what the Recorder wrote. Arguments: server address, OUT. */
public class ScoreHarness extends Screen {
    private static final String IMAGES = "newImage('truth.tif', '16-bit black', 80, 60, 8); setVoxelSize(0.5, 0.5, 2, 'um');"
        + "for (z = 2; z <= 6; z++) { setSlice(z); setColor(1); fillRect(8, 8, 40, 12); setColor(2); fillRect(8, 28, 40, 12); }"
        + "newImage('found.tif', '8-bit black', 80, 60, 8); setVoxelSize(0.5, 0.5, 2, 'um');"
        + "for (z = 2; z <= 6; z++) { setSlice(z); setColor(5); fillRect(8, 8, 40, 10); setColor(6); fillRect(8, 28, 20, 12); setColor(7); fillRect(28, 28, 20, 12); }"
        + "newImage('bodies.tif', '16-bit black', 80, 60, 12); setVoxelSize(0.5, 0.5, 2, 'um'); run('Add...', 'value=100 stack');"
        + "for (z = 3; z <= 9; z++) { setSlice(z); setColor(900); fillOval(10, 10, 20, 20); fillRect(30, 16, 20, 8); setColor(700); fillRect(44, 40, 24, 8); }"
        + "setMinAndMax(0, 1000); setSlice(6); run('Masklet Classical 3D...', 'recipe=fds-grains minvolume=20 output=overlay');";

    public static void main(String[] arguments) throws Exception {
        use(arguments[1], () -> {
            IJ.runMacro("run('Masklet Connect...', 'server=" + arguments[0] + " timeout=3');");
            IJ.runMacro(IMAGES);
            new Recorder();
            Recorder.getInstance().setBounds(20, 600, 1060, 190);
            ImagePlus bodies = WindowManager.getImage("bodies.tif");
            IJ.selectWindow("bodies.tif");
            dialog("Masklet Measure...", "measure", texts -> { }, "shape");
            recorded("Masklet Measure...");
            tell("measured", await("the table", () -> result().contains("\"measure\"") ? result() : null));
            String shapes = rows("Masklet Measurements");
            WindowManager.getWindow("Masklet Measurements").setBounds(20, 400, 1040, 180);
            IJ.wait(300);
            picture("measurements");
            IJ.selectWindow("bodies.tif");
            dialog("Masklet Evaluate...", "evaluate", texts -> ((Choice) openDialog().getChoices().get(1)).select("found.tif"));
            recorded("Masklet Evaluate...");
            tell("judged", await("the score", () -> result().contains("\"evaluate\"") ? result() : null));
            WindowManager.getWindow("Masklet Evaluation").setBounds(20, 300, 1040, 110);
            WindowManager.getWindow("Masklet Evaluated Objects").setBounds(20, 420, 1040, 170);
            IJ.wait(300);
            picture("evaluation");
            String objects = rows("Masklet Evaluated Objects");
            String text = Recorder.getInstance().getText();
            tell("recorded", text);
            close("Masklet Measurements");
            close("Masklet Evaluated Objects");
            IJ.selectWindow("bodies.tif");
            IJ.runMacro(text);
            tell("replayEqual", shapes.equals(rows("Masklet Measurements")) && objects.equals(rows("Masklet Evaluated Objects")));
            tell("scores", ResultsTable.getResultsTable("Masklet Evaluation").size());
            tell("shapes", shapes);
            close(bodies);
        });
    }

    private static String rows(String title) {
        ResultsTable table = ResultsTable.getResultsTable(title);
        StringBuilder text = new StringBuilder(table.getColumnHeadings());
        for (int row = 0; row < table.size(); row++) text.append('\n').append(table.getRowAsString(row));
        return text.toString();
    }

    private static void close(String table) {
        IJ.selectWindow(table);
        IJ.run("Close");
    }

    private static void close(ImagePlus image) {
        image.changes = false;
        image.close();
    }
}
