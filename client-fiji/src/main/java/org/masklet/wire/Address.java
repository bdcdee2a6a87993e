package org.masklet.wire;

import java.net.URI;
import java.net.URISyntaxException;

/** Server addresses as people write them: {@code ws://host:port}; http(s) and a bare host:port are understood. */
public final class Address {
    private static final String PATH = "/v1/live";
    /** What cannot be seen often comes along with a pasted address. */
    private static final String UNSEEN = "[\\s\\u00a0\\u200b-\\u200f\\u2060\\ufeff]+";
    /** No path, or that of the QuPath extension for samapi, which is the address that people know. */
    private static final String NO_PATH = "/*|/+sam/*";

    private Address() {}

    /** @throws Fault address_invalid */
    public static URI parse(String text) throws Fault {
        String written = text == null ? "" : text.replaceAll("^" + UNSEEN + "|" + UNSEEN + "$", "");
        if (!written.contains("://")) written = "ws://" + written;
        written = written.replaceFirst("^http", "ws");
        try {
            URI uri = new URI(written);
            boolean usable = ("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme())) && uri.getHost() != null && uri.getUserInfo() == null;
            if (!usable) throw new URISyntaxException(text == null ? "" : text, "no ws address");
            String path = uri.getRawPath() == null || uri.getRawPath().matches(NO_PATH) ? PATH : uri.getRawPath();
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), path, null, null);
        } catch (URISyntaxException e) {
            throw new Fault("address_invalid", "\"" + text + "\" is no server address.", "Write it like ws://127.0.0.1:8000.", e);
        }
    }

    static boolean isSecure(URI address) {
        return "wss".equals(address.getScheme());
    }

    static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : isSecure(address) ? 443 : 80;
    }

    /** The same server over HTTP, without a path. */
    static String http(URI address) {
        return (isSecure(address) ? "https://" : "http://") + address.getHost() + ":" + port(address);
    }

    /** As a person wrote it: without the path. */
    public static String show(URI address) {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }
}
