package org.masklet.fiji;

import ij.IJ;
import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;
import org.masklet.wire.Messages;

/** Masklet About: this client, and the server and its models when connected. It connects to nothing by itself. */
public final class AboutCommand extends Command {
    static final String VERSION = "0.1.0";

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        StringBuilder text = new StringBuilder("Masklet client " + VERSION + ", protocol " + Messages.PROTOCOL + "\nPromptable 3D segmentation. Apache-2.0.\n");
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", VERSION);
        if (Connection.THE.isOpen()) {
            LiveClient client = Connection.THE.client();
            Frame hello = client.hello();
            facts.put("server", hello.text("server"));
            text.append("Server ").append(hello.text("server")).append(" at ").append(client.address()).append('\n');
            for (Frame model : hello.maps("models")) {
                boolean installed = Boolean.TRUE.equals(model.members().get("installed"));
                text.append("Model ").append(model.text("id")).append(installed ? "" : " (not installed)").append('\n');
            }
        } else text.append("Not connected; the next command connects to ").append(Connection.lastServer()).append('\n');
        if (isQuiet()) IJ.log(text.toString());
        else IJ.showMessage("Masklet About", text.toString());
        Masklet_Macro.succeeded("about", facts);
    }
}
