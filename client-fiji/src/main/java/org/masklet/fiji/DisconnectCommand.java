package org.masklet.fiji;

import ij.IJ;
import java.util.LinkedHashMap;
import java.util.Map;

/** Masklet Disconnect. The session stays on the server and is resumed by the next command. */
public final class DisconnectCommand extends Command {
    @Override
    void execute(String argument) throws InterruptedException {
        boolean was = Connection.THE.isOpen();
        LivePreviewCommand.set(false); // which would connect again at the next selection
        Connection.THE.close();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("wasConnected", was);
        Masklet_Macro.succeeded("disconnect", facts);
        IJ.showStatus(was ? "Masklet: disconnected" : "Masklet: was not connected");
    }
}
