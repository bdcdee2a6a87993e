package org.masklet.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Answers `need`, one plane at a time and in the order asked, on a thread of its own so that masks go on arriving.
 * Because the next plane is read only when the one before has left, no more than one plane is ever on its way, which is
 * within any credit a plane fits in; a larger plane goes by HTTP PUT, whose answer is waited for.
 */
final class PixelSender implements Runnable {
    /** Above this a plane goes by PUT: no masking, and the socket stays free for a cancel. */
    private static final int MAX_SLICE_PUT = 16 << 20;
    private static final int PUT_TIMEOUT_MS = 30_000;

    private static final class Wanted {
        final String volumeId;
        final PlaneSource source;
        final Frame plane;
        final double creditBytes;

        Wanted(String volumeId, PlaneSource source, Frame plane, double creditBytes) {
            this.volumeId = volumeId;
            this.source = source;
            this.plane = plane;
            this.creditBytes = creditBytes;
        }
    }

    private final LiveClient client;
    private final URI address;
    private final String token;
    private final BlockingQueue<Wanted> wanted = new LinkedBlockingQueue<>();

    PixelSender(LiveClient client, URI address, String token) {
        this.client = client;
        this.address = address;
        this.token = token;
    }

    void want(Frame need, PlaneSource source) throws Fault {
        for (Frame plane : need.maps("planes")) wanted.add(new Wanted(need.text("volumeId"), source, plane, need.number("creditBytes")));
    }

    @Override
    public void run() {
        try {
            while (client.isOpen()) send(wanted.take());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt(); // the client closes: nothing is left to send
        }
    }

    private void send(Wanted next) {
        try {
            int t = next.plane.integer("t");
            int c = next.plane.integer("c");
            int z = next.plane.integer("z");
            byte[] data = next.source.plane(t, c, z);
            if (data.length > MAX_SLICE_PUT || data.length > next.creditBytes) {
                put("/v1/volumes/" + next.volumeId + "/planes/" + t + "/" + c + "/" + z, data);
            } else {
                client.post(Messages.slicePut(next.volumeId, t, c, z, data));
            }
        } catch (Fault fault) {
            client.failAll(fault);
        } catch (IOException e) {
            client.failAll(new Fault("server_unreachable", "A plane could not be sent to " + Address.show(address) + " (" + e.getMessage() + ").", "Try again.", e));
        } catch (RuntimeException | OutOfMemoryError e) {
            client.failAll(new Fault("pixels_unreadable", "The image's pixels could not be read (" + e + ").", "Close and reopen the image.", e));
        }
    }

    void put(String path, byte[] data) throws IOException, Fault {
        HttpURLConnection http = (HttpURLConnection) new URL(Address.http(address) + path).openConnection();
        http.setConnectTimeout(PUT_TIMEOUT_MS);
        http.setReadTimeout(PUT_TIMEOUT_MS);
        http.setRequestMethod("PUT");
        http.setRequestProperty("Content-Type", "application/octet-stream");
        if (token != null) http.setRequestProperty("Authorization", "Bearer " + token);
        http.setFixedLengthStreamingMode(data.length);
        http.setDoOutput(true);
        try (OutputStream out = http.getOutputStream()) {
            out.write(data);
        }
        int status = http.getResponseCode();
        if (status / 100 == 2) return;
        Fault told = WebSocketHandshake.problem(body(http.getErrorStream()));
        throw told != null ? told : new Fault("not_masklet", "The server answered a plane with HTTP " + status + ".", "Check that client and server have the same version.");
    }

    static String body(InputStream in) {
        if (in == null) return "";
        try (Scanner whole = new Scanner(in, StandardCharsets.UTF_8.name()).useDelimiter("\\A")) {
            return whole.hasNext() ? whole.next() : "";
        }
    }
}
