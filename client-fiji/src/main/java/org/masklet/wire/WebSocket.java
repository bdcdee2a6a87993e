package org.masklet.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One client WebSocket. One thread receives; any thread sends. */
public final class WebSocket implements Closeable {
    /** The server's own limit for a message, so that a lying length cannot take more memory than an honest one. */
    private static final long MAX_MESSAGE = 257L << 20;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile long lastHeard = System.nanoTime();

    private WebSocket(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /**
     * @param token sent as Authorization: Bearer; null for none
     * @throws Fault the server's refusal, or not_masklet
     * @throws IOException when nothing answers within timeoutMs
     */
    static WebSocket connect(URI address, String token, int timeoutMs) throws IOException, Fault {
        String host = address.getHost().replaceAll("[\\[\\]]", "");
        Socket plain = new Socket();
        Socket open = plain;
        try {
            plain.connect(new InetSocketAddress(host, Address.port(address)), timeoutMs);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(timeoutMs);
            if (Address.isSecure(address)) open = secured(plain, host, Address.port(address));
            WebSocket made = new WebSocket(open);
            byte[] nonce = new byte[16];
            made.random.nextBytes(nonce);
            String key = Base64.getEncoder().encodeToString(nonce);
            made.out.write(WebSocketHandshake.request(address, key, token));
            made.out.flush();
            WebSocketHandshake.check(made.in, address, key);
            open.setSoTimeout(0);
            return made;
        } catch (IOException | Fault | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket secured = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    void send(byte[] message) throws IOException {
        sending.lock();
        try {
            WebSocketFrames.write(out, WebSocketFrames.BINARY, message, random.nextInt());
        } finally {
            sending.unlock();
        }
    }

    /** Left out while a message is being written: that is a sign of life by itself, and the caller must not wait. */
    void ping() throws IOException {
        if (!sending.tryLock()) return;
        try {
            WebSocketFrames.write(out, WebSocketFrames.PING, new byte[0], random.nextInt());
        } finally {
            sending.unlock();
        }
    }

    long silentMs() {
        return (System.nanoTime() - lastHeard) / 1_000_000;
    }

    /** The next whole message; null when the server closed in good order. Pings are answered on the way. */
    byte[] receive() throws IOException, Fault {
        ByteArrayOutputStream parts = null;
        while (true) {
            WebSocketFrames.Received frame = WebSocketFrames.read(in, MAX_MESSAGE);
            lastHeard = System.nanoTime();
            if (frame.opcode == WebSocketFrames.CLOSE) return null;
            if (frame.opcode == WebSocketFrames.PING) pong(frame.payload);
            if (frame.opcode >= WebSocketFrames.CLOSE) continue;
            if (frame.opcode == WebSocketFrames.TEXT) throw Fault.frame("it is a text where binary is spoken");
            if ((frame.opcode == WebSocketFrames.CONTINUATION) != (parts != null)) throw Fault.frame("its WebSocket fragments are out of order");
            if (parts == null && frame.last) return frame.payload;
            if (parts == null) parts = new ByteArrayOutputStream(frame.payload.length);
            if (parts.size() + (long) frame.payload.length > MAX_MESSAGE) throw Fault.frame("its fragments exceed " + MAX_MESSAGE + " bytes");
            parts.write(frame.payload);
            if (frame.last) return parts.toByteArray();
        }
    }

    private void pong(byte[] payload) throws IOException {
        sending.lock();
        try {
            WebSocketFrames.write(out, WebSocketFrames.PONG, payload, random.nextInt());
        } finally {
            sending.unlock();
        }
    }

    /** Closes without waiting: a close frame if nobody is writing, then the socket, which unblocks a stuck read. */
    @Override
    public void close() throws IOException {
        if (sending.tryLock()) {
            try {
                if (!socket.isClosed()) WebSocketFrames.write(out, WebSocketFrames.CLOSE, new byte[] {0x03, (byte) 0xe8}, random.nextInt());
            } catch (IOException e) {
                socket.close();
                return; // the peer has gone already; there is nobody left to say goodbye to
            } finally {
                sending.unlock();
            }
        }
        socket.close();
    }
}
