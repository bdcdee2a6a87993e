package org.masklet.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One live connection: numbers requests, hands what arrives to them, answers `need`, and notices when the server is gone. */
public final class LiveClient implements Closeable {
    private static final int PING_MS = 15_000;
    private static final int SILENT_MS = 3 * PING_MS;
    private static final int HELLO_MS = 10_000;

    /** What belongs to no request. Called on the network thread: return soon. */
    public interface Listener {
        void changed(Frame changed);

        void fault(Fault fault);
    }

    private final URI address;
    private final String token;
    private final int timeoutMs;
    private final WebSocket socket;
    private final Listener listener;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Request> pending = new ConcurrentHashMap<>();
    private final Map<String, PlaneSource> sources = new ConcurrentHashMap<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "masklet-watch"));
    private final PixelSender pixels;
    private final Thread pixelThread;
    private volatile boolean open = true;
    private Frame hello;

    private LiveClient(URI address, String token, int timeoutMs, WebSocket socket, Listener listener) {
        this.address = address;
        this.token = token;
        this.timeoutMs = timeoutMs;
        this.socket = socket;
        this.listener = listener;
        pixels = new PixelSender(this, address, token);
        pixelThread = daemon(pixels, "masklet-pixels");
    }

    /**
     * Connects and says hello.
     *
     * @param token null for none
     * @throws Fault server_unreachable, the server's refusal (token_wrong, protocol_mismatch ...), or not_masklet
     */
    public static LiveClient connect(URI address, String token, int timeoutMs, String clientName, Listener listener) throws Fault, InterruptedException {
        WebSocket socket;
        try {
            socket = WebSocket.connect(address, token, timeoutMs);
        } catch (IOException e) {
            throw new Fault("server_unreachable", "No Masklet server answers at " + Address.show(address) + ".", "Start it with `masklet serve` (or `npx masklet serve`), or check the address.", e);
        }
        LiveClient client = new LiveClient(address, token, timeoutMs, socket, listener);
        client.start();
        try {
            client.hello = client.value(Messages.hello(clientName), Math.max(timeoutMs, HELLO_MS));
            return client;
        } catch (Fault | InterruptedException e) {
            client.close();
            throw e;
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void start() {
        daemon(this::receive, "masklet-net").start();
        pixelThread.start();
        watch.scheduleWithFixedDelay(this::check, PING_MS, PING_MS, TimeUnit.MILLISECONDS);
    }

    /** The answer to hello: server, limits, models. */
    public Frame hello() {
        return hello;
    }

    public URI address() {
        return address;
    }

    public boolean isOpen() {
        return open;
    }

    public Request send(Frame request) throws Fault {
        return send(request, null);
    }

    /** @param source the pixels of the volume that a volume.open declares */
    public Request send(Frame request, PlaneSource source) throws Fault {
        Request made = new Request(this, lastId.incrementAndGet(), source);
        pending.put(made.id, made);
        try {
            post(request.with("id", made.id));
        } catch (Fault fault) {
            pending.remove(made.id);
            throw fault;
        }
        if (!open) made.fail(lost("it is closed", null)); // closed between the two lines above: nobody else will end it
        return made;
    }

    /** Sends a request that answers at once and waits for its value. */
    public Frame value(Frame request, long waitMs) throws Fault, InterruptedException {
        Request sent = send(request);
        long until = System.nanoTime() + waitMs * 1_000_000;
        while (true) {
            Frame next = sent.poll(Math.max(0, (until - System.nanoTime()) / 1_000_000));
            if (next == null) throw new Fault("server_unreachable", "The server at " + Address.show(address) + " does not answer.", "Look at its window or log.");
            if ("result".equals(next.type())) return next.map("value");
        }
    }

    void post(Frame message) throws Fault {
        try {
            socket.send(message.encode());
        } catch (IOException e) {
            Fault fault = lost(e.getMessage(), e);
            end(fault);
            throw fault;
        }
    }

    /** A JSON object of the same server over HTTP. */
    public Frame get(String path) throws Fault {
        return ask(path, null);
    }

    /** Declares a volume over HTTP, without a session. @return the volume as the server has it */
    public Frame declare(Frame declaration) throws Fault {
        return ask("/v1/volumes", declaration);
    }

    /** One plane of a declared volume, raw little-endian. */
    public void putPlane(String volumeId, int t, int c, int z, byte[] data) throws Fault {
        try {
            pixels.put("/v1/volumes/" + volumeId + "/planes/" + t + "/" + c + "/" + z, data);
        } catch (IOException e) {
            throw lost(e.getMessage(), e);
        }
    }

    /** @param body null to get */
    private Frame ask(String path, Frame body) throws Fault {
        try {
            HttpURLConnection http = (HttpURLConnection) new URL(Address.http(address) + path).openConnection();
            http.setConnectTimeout(timeoutMs);
            http.setReadTimeout(HELLO_MS);
            if (token != null) http.setRequestProperty("Authorization", "Bearer " + token);
            if (body != null) {
                http.setRequestMethod("POST");
                http.setRequestProperty("Content-Type", "application/json");
                http.setDoOutput(true);
                try (OutputStream out = http.getOutputStream()) {
                    out.write(Json.write(body.members()).getBytes(StandardCharsets.UTF_8));
                }
            }
            if (http.getResponseCode() / 100 == 2) return Frame.of(Json.read(PixelSender.body(http.getInputStream())), path);
            Fault told = WebSocketHandshake.problem(PixelSender.body(http.getErrorStream()));
            throw told != null ? told : new Fault("not_masklet", "The server answered " + path + " with HTTP " + http.getResponseCode() + ".", "Check that client and server have the same version.");
        } catch (IOException e) {
            throw lost(e.getMessage(), e);
        }
    }

    private void receive() {
        Fault end = lost("the server closed it", null);
        try {
            for (byte[] message = socket.receive(); message != null; message = socket.receive()) dispatch(Frame.decode(message));
        } catch (IOException e) {
            end = lost(e.getMessage(), e);
        } catch (Fault fault) {
            end = fault;
        } catch (RuntimeException | OutOfMemoryError e) {
            end = new Fault("internal", "The client failed while reading a message (" + e + ").", "Please report it.", e);
        }
        end(end);
    }

    private void dispatch(Frame frame) throws Fault {
        switch (frame.type()) {
            case "need":
                PlaneSource source = sourceOf(frame.text("volumeId"));
                if (source != null) pixels.want(frame, source);
                return;
            case "changed":
                listener.changed(frame);
                return;
            case "error":
                Fault fault = Fault.of(frame.map("error").members());
                Request failed = pending.remove(frame.id());
                if (failed != null) failed.fail(fault);
                else listener.fault(fault);
                return;
            case "result":
            case "cancelled":
                Request ended = pending.remove(frame.id());
                if (ended == null) return;
                if (ended.source != null && frame.has("value")) sources.put(frame.map("value").map("volume").text("volumeId"), ended.source);
                ended.arrive(frame);
                return;
            default: // progress, mask, and what a later protocol may add between
                Request running = pending.get(frame.id());
                if (running != null) running.arrive(frame);
        }
    }

    /** A volume that is only being opened is asked for before its id is known here. */
    private PlaneSource sourceOf(String volumeId) {
        PlaneSource known = sources.get(volumeId);
        if (known != null) return known;
        for (Request request : pending.values()) if (request.source != null) return request.source;
        return null;
    }

    /** Ends every pending request here and tells the server to stop: their pixels cannot be had. */
    void failAll(Fault fault) {
        for (Request request : pending.values()) {
            if (pending.remove(request.id) == null) continue;
            request.fail(fault);
            try {
                request.cancel();
            } catch (Fault gone) {
                return; // the connection broke; post() has ended the rest
            }
        }
    }

    private void check() {
        if (socket.silentMs() > SILENT_MS) {
            end(lost("the server has been silent for " + SILENT_MS / 1000 + " s", null));
            return;
        }
        try {
            socket.ping();
        } catch (IOException e) {
            end(lost(e.getMessage(), e));
        }
    }

    private Fault lost(String why, Throwable cause) {
        return new Fault("server_unreachable", "The connection to " + Address.show(address) + " broke (" + why + ").",
            "Check the server; the next command connects again, and nothing that was answered is lost.", cause);
    }

    private void end(Fault fault) {
        open = false;
        for (Long id : pending.keySet()) {
            Request request = pending.remove(id);
            if (request != null) request.fail(fault);
        }
        watch.shutdownNow();
        pixelThread.interrupt();
        try {
            socket.close();
        } catch (IOException e) {
            return; // closed all the same
        }
    }

    /** Ends what is pending and frees the socket. */
    @Override
    public void close() {
        end(new Fault("cancelled", "The connection to " + Address.show(address) + " was closed.", ""));
    }
}
