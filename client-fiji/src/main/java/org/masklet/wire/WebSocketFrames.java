package org.masklet.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** RFC 6455 framing as functions on bytes: a client's masked frames out, a server's unmasked frames in. */
public final class WebSocketFrames {
    static final int CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
    private static final int CHUNK = 1 << 16;

    /** One frame as it came; {@code last} says whether it ends its message. */
    static final class Received {
        final int opcode;
        final boolean last;
        final byte[] payload;

        Received(int opcode, boolean last, byte[] payload) {
            this.opcode = opcode;
            this.last = last;
            this.payload = payload;
        }
    }

    private WebSocketFrames() {}

    /** Writes one final frame. The payload is masked chunk by chunk, so that a plane is not copied whole. */
    static void write(OutputStream out, int opcode, byte[] payload, int maskKey) throws IOException {
        byte[] head = new byte[14];
        int size = 2;
        head[0] = (byte) (0x80 | opcode);
        if (payload.length < 126) head[1] = (byte) (0x80 | payload.length);
        else if (payload.length < 0x10000) {
            head[1] = (byte) (0x80 | 126);
            size = put(head, size, payload.length, 2);
        } else {
            head[1] = (byte) (0x80 | 127);
            size = put(head, size, payload.length, 8);
        }
        int keyAt = size;
        size = put(head, size, maskKey & 0xffffffffL, 4);
        out.write(head, 0, size);
        byte[] chunk = new byte[Math.min(CHUNK, payload.length)];
        for (int from = 0; from < payload.length; from += CHUNK) {
            int count = Math.min(CHUNK, payload.length - from);
            for (int i = 0; i < count; i++) chunk[i] = (byte) (payload[from + i] ^ head[keyAt + (i & 3)]);
            out.write(chunk, 0, count);
        }
        out.flush();
    }

    private static int put(byte[] head, int at, long value, int size) {
        for (int i = 0; i < size; i++) head[at + i] = (byte) (value >>> 8 * (size - 1 - i));
        return at + size;
    }

    /**
     * @param maxBytes the longest payload that is taken
     * @throws Fault frame_invalid when the frame breaks the RFC or is too long
     * @throws EOFException when the stream ends
     */
    static Received read(InputStream in, long maxBytes) throws IOException, Fault {
        int first = one(in);
        int second = one(in);
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0) throw Fault.frame("a WebSocket frame uses reserved bits");
        if ((second & 0x80) != 0) throw Fault.frame("a WebSocket frame of the server is masked");
        long length = second & 0x7f;
        if (length == 126) length = (long) one(in) << 8 | one(in);
        else if (length == 127) {
            length = 0;
            for (int i = 0; i < 8; i++) length = length << 8 | one(in);
        }
        boolean control = opcode >= CLOSE;
        if (control && (length > 125 || !last)) throw Fault.frame("a WebSocket control frame is too long or split");
        if (opcode > BINARY && opcode < CLOSE || opcode > PONG) throw Fault.frame("WebSocket opcode " + opcode + " is unknown");
        if (length < 0 || length > maxBytes) throw Fault.frame("a WebSocket frame of " + length + " bytes is longer than " + maxBytes);
        return new Received(opcode, last, exactly(in, (int) length));
    }

    private static int one(InputStream in) throws IOException {
        int value = in.read();
        if (value < 0) throw new EOFException("the server closed the connection");
        return value;
    }

    /** Memory grows with the bytes that came, not with the length that was promised. */
    private static byte[] exactly(InputStream in, int length) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.min(length, 16 * CHUNK));
        byte[] chunk = new byte[Math.min(CHUNK, length)];
        for (int left = length; left > 0;) {
            int count = in.read(chunk, 0, Math.min(chunk.length, left));
            if (count < 0) throw new EOFException("the server closed the connection in the middle of a message");
            whole.write(chunk, 0, count);
            left -= count;
        }
        return whole.toByteArray();
    }
}
