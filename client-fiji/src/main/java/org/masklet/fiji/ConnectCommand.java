package org.masklet.fiji;

import ij.gui.GenericDialog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.LiveClient;

/** Masklet Connect... */
public final class ConnectCommand extends Command {
    private static final int MAX_TIMEOUT_S = 600;

    @Override
    void execute(String argument) throws Fault, InterruptedException {
        GenericDialog dialog = new GenericDialog("Masklet Connect");
        dialog.addStringField("server", Connection.lastServer(), 28);
        dialog.addNumericField("timeout", Connection.DEFAULT_TIMEOUT_S, 0, 4, "s");
        dialog.addMessage("The server is started with `masklet serve` (or `npx masklet serve`, or npm start).\nA token is read from MASKLET_TOKEN or .masklet/token in your home folder.");
        if (!ask(dialog)) return;
        String server = dialog.getNextString();
        double timeout = dialog.getNextNumber();
        if (!(timeout >= 1 && timeout <= MAX_TIMEOUT_S)) {
            throw new Fault("timeout_invalid", "The timeout must be 1 to " + MAX_TIMEOUT_S + " seconds.", "");
        }
        LiveClient client = Connection.THE.connect(server, (int) Math.round(timeout * 1000));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("server", client.address().toString());
        facts.put("hello", client.hello().members());
        Masklet_Macro.succeeded("connect", facts);
    }
}
