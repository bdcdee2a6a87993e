package org.masklet.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The opening of RFC 6455: the request's text, and the check of what comes back. */
final class WebSocketHandshake {
    /** More than any answer head of ours; a server that sends more is no Masklet server. */
    private static final int MAX_HEAD = 16_384;
    private static final int MAX_BODY = 65_536;

    private WebSocketHandshake() {}

    static byte[] request(URI address, String key, String token) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        StringBuilder text = new StringBuilder("GET " + address.getRawPath() + " HTTP/1.1\r\n")
            .append("Host: ").append(address.getHost()).append(port).append("\r\n")
            .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: ").append(key).append("\r\n");
        if (token != null) text.append("Authorization: Bearer ").append(token).append("\r\n");
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    static String acceptFor(String key) {
        try {
            byte[] bytes = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** @throws Fault the server's own fault when it refuses with one, else not_masklet */
    static void check(InputStream in, URI address, String key) throws IOException, Fault {
        String[] lines = head(in, address).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) headers.put(lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT), lines[i].substring(colon + 1).trim());
        }
        String[] status = lines[0].split(" ", 3);
        if (!status[0].startsWith("HTTP/1.") || status.length < 2) throw notMasklet(address, "it does not speak HTTP");
        if (!"101".equals(status[1])) throw refused(in, address, status[1], headers.get("content-length"));
        if (!acceptFor(key).equals(headers.get("sec-websocket-accept"))) throw notMasklet(address, "its WebSocket answer is wrong");
    }

    private static String head(InputStream in, URI address) throws IOException, Fault {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n", Math.max(0, text.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) throw new EOFException("the server closed the connection before answering");
            if (text.length() >= MAX_HEAD) throw notMasklet(address, "its answer is too long");
            text.append((char) next);
        }
        return text.toString();
    }

    private static Fault refused(InputStream in, URI address, String status, String length) throws IOException {
        Fault told = problem(in, length);
        if (told != null) return told;
        if ("401".equals(status) || "403".equals(status)) {
            return new Fault("token_wrong", "The server at " + Address.show(address) + " refuses the token.",
                "Put the server's MASKLET_TOKEN into the variable MASKLET_TOKEN or the file .masklet/token in your home folder.");
        }
        return notMasklet(address, "HTTP " + status);
    }

    /** The fault in a problem+json body, or null where there is none: the status alone must do then. */
    private static Fault problem(InputStream in, String length) throws IOException {
        if (length == null || !length.matches("\\d{1,5}")) return null;
        int size = Math.min(Integer.parseInt(length), MAX_BODY);
        ByteArrayOutputStream body = new ByteArrayOutputStream(size);
        for (int next; body.size() < size && (next = in.read()) >= 0;) body.write(next);
        return problem(new String(body.toByteArray(), StandardCharsets.UTF_8));
    }

    static Fault problem(String body) {
        try {
            Object value = Json.read(body);
            return value instanceof Map && ((Map<?, ?>) value).get("code") instanceof String ? Fault.of((Map<?, ?>) value) : null;
        } catch (Fault notJson) {
            return null;
        }
    }

    private static Fault notMasklet(URI address, String why) {
        return new Fault("not_masklet", "What answers at " + Address.show(address) + " is no Masklet server (" + why + ").", "Check the address and the port.");
    }
}
