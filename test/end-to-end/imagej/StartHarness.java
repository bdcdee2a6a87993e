import ij.IJ;
import ij.gui.GenericDialog;
import ij.gui.MessageDialog;
import java.awt.TextField;
import java.awt.event.KeyEvent;

/** Connects to a server that is not there, and answers the offer to start one. Arguments: server address, OUT. */
public class StartHarness extends Screen {
    public static void main(String[] arguments) throws Exception {
        use(arguments[1], () -> start(arguments[0]));
    }

    /** Nobody listens at the address; the program is on the PATH. First the person says no, then yes. */
    private static void start(String server) throws Exception {
        for (boolean yes : new boolean[] {false, true}) {
            IJ.doCommand("Masklet Connect...");
            GenericDialog connect = await("the dialog", Screen::openDialog);
            IJ.wait(200);
            ((TextField) connect.getStringFields().get(0)).setText(server);
            enter(connect);
            GenericDialog offer = await("the offer", Screen::openDialog);
            IJ.wait(300);
            if (yes) {
                picture("offer");
                enter(offer);
                tell("started", await("a connection", () -> result().contains("\"hello\"") ? result() : null));
            } else {
                offer.getButtons()[1].requestFocus();
                IJ.wait(100);
                key(KeyEvent.VK_ESCAPE);
                MessageDialog message = await("the sentence", Screen::openMessage);
                IJ.wait(200);
                tell("refused", result());
                message.dispose();
            }
            IJ.wait(300);
        }
    }
}
