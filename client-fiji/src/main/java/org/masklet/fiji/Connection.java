package org.masklet.fiji;

import ij.IJ;
import ij.ImageListener;
import ij.ImagePlus;
import ij.Prefs;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.masklet.wire.Address;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;

/** The one connection of this ImageJ, made when a command first needs it, and the session of each image on it. */
final class Connection implements LiveClient.Listener, ImageListener {
    static final Connection THE = new Connection();
    static final String DEFAULT_SERVER = "ws://127.0.0.1:8000";
    static final int DEFAULT_TIMEOUT_S = 3;
    private static final String SERVER = "masklet.server";

    private final Map<ImagePlus, ImageSession> sessions = Collections.synchronizedMap(new WeakHashMap<>());
    private LiveClient client;
    private int timeoutMs = DEFAULT_TIMEOUT_S * 1000;

    private Connection() {
        ImagePlus.addImageListener(this);
    }

    /** The server used last, on this machine. */
    static String lastServer() {
        return Prefs.get(SERVER, DEFAULT_SERVER);
    }

    /** Connects to the server unless it is the one that is connected. */
    synchronized void use(String server) throws Fault, InterruptedException {
        if (!isOpen() || !client.address().equals(Address.parse(server))) connect(server, timeoutMs);
    }

    synchronized LiveClient connect(String server, int timeoutMs) throws Fault, InterruptedException {
        URI address = Address.parse(server);
        close();
        this.timeoutMs = timeoutMs;
        IJ.showStatus("Masklet: connecting to " + Address.show(address) + "...");
        try {
            client = LiveClient.connect(address, token(), timeoutMs, "Fiji", this);
        } catch (Fault fault) {
            if (!fault.code().equals("server_unreachable") || !ServerStart.isWanted(address)) throw fault;
            client = ServerStart.connect(address, () -> LiveClient.connect(address, token(), timeoutMs, "Fiji", this));
        }
        Prefs.set(SERVER, Address.show(address));
        IJ.showStatus("Masklet: connected to " + Address.show(address));
        return client;
    }

    /** Connects to the last server where there is no open connection. */
    synchronized LiveClient client() throws Fault, InterruptedException {
        return isOpen() ? client : connect(lastServer(), timeoutMs);
    }

    /** The ids of the models that the open connection's server has installed; none without a connection. */
    synchronized List<String> models() throws Fault {
        List<String> ids = new ArrayList<>();
        if (isOpen()) for (Frame model : client.hello().maps("models")) if (Boolean.TRUE.equals(model.members().get("installed"))) ids.add(model.text("id"));
        return ids;
    }

    synchronized boolean isOpen() {
        return client != null && client.isOpen();
    }

    synchronized void close() {
        if (client != null) client.close();
        client = null;
        sessions.clear();
    }

    /** The session of the image: opened, or resumed when the server knows the image. */
    synchronized ImageSession session(ImagePlus image) throws Fault, InterruptedException {
        LiveClient open = client();
        ImageSession known = sessions.get(image);
        ImageSession session = known != null && known.isFor(open, image) ? known : ImageSession.open(open, image);
        sessions.put(image, session);
        SentPlanes.of(image).check(image);
        return session;
    }

    /** Whether the image has a session on the open connection. */
    boolean knows(ImagePlus image) {
        return isOpen() && sessions.containsKey(image);
    }

    /** From the environment, else from .masklet/token in the home folder: never an option, which the Recorder would write down. */
    private static String token() throws Fault {
        String variable = System.getenv("MASKLET_TOKEN");
        if (variable != null && !variable.trim().isEmpty()) return variable.trim();
        File file = new File(System.getProperty("user.home"), ".masklet/token");
        if (!file.isFile()) return null;
        try {
            String text = new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8).trim();
            return text.isEmpty() ? null : text;
        } catch (IOException e) {
            throw new Fault("file_unreadable", "The token in " + file + " could not be read.", "Check the file's permissions.", e);
        }
    }

    @Override
    public void changed(Frame changed) {
        try {
            String sessionId = changed.text("sessionId");
            for (ImageSession session : sessions.values().toArray(new ImageSession[0])) if (session.sessionId.equals(sessionId)) session.outdate();
            IJ.showStatus("Masklet: " + changed.text("by", "another client") + " edited this session");
        } catch (Fault fault) {
            fault(fault);
        }
    }

    @Override
    public void fault(Fault fault) {
        IJ.log("Masklet: " + fault.sentence());
    }

    @Override
    public void imageClosed(ImagePlus image) {
        sessions.remove(image);
    }

    @Override
    public void imageOpened(ImagePlus image) {
        // nothing to do: a session begins with the first command
    }

    @Override
    public void imageUpdated(ImagePlus image) {
        SentPlanes.touch(image);
    }
}
