package org.masklet.wire;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.Test;

public class WebSocketTest {
    private static byte[] bytes(int... values) {
        byte[] made = new byte[values.length];
        for (int i = 0; i < made.length; i++) made[i] = (byte) values[i];
        return made;
    }

    @Test
    public void clientFramesAreMaskedAndHaveTheRightLengths() throws IOException {
        int[][] heads = {{0, 2}, {125, 2}, {126, 4}, {65535, 4}, {65536, 10}, {200_000, 10}};
        for (int[] each : heads) {
            byte[] payload = new byte[each[0]];
            for (int i = 0; i < payload.length; i++) payload[i] = (byte) (i * 7);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            WebSocketFrames.write(out, WebSocketFrames.BINARY, payload, 0x01020384);
            byte[] sent = out.toByteArray();
            assertEquals(each[1] + 4 + payload.length, sent.length);
            assertEquals((byte) 0x82, sent[0]);
            assertTrue("the mask bit is set", sent[1] < 0);
            byte[] key = {1, 2, 3, (byte) 0x84};
            for (int i = 0; i < payload.length; i++) assertEquals(payload[i], sent[each[1] + 4 + i] ^ key[i & 3]);
        }
    }

    @Test
    public void badFramesAreFaults() throws IOException {
        int[][] broken = {
            {0x82, 0x81, 0, 0, 0, 0, 1}, {0xc2, 0}, {0x83, 0}, {0x8b, 0}, {0x09, 0}, {0x89, 126, 0, 200},
            {0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255}, {0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0}, {0x82, 126, 4, 1},
        };
        for (int[] each : broken) {
            try {
                WebSocketFrames.read(new ByteArrayInputStream(bytes(each)), 1024);
                fail(Arrays.toString(each));
            } catch (Fault fault) {
                assertEquals("frame_invalid", fault.code());
            }
        }
    }

    @Test(expected = EOFException.class)
    public void aFrameCutShortIsTheEnd() throws Exception {
        WebSocketFrames.read(new ByteArrayInputStream(bytes(0x82, 4, 1, 2)), 1024);
    }

    /** The pair of RFC 6455, section 1.3. */
    @Test
    public void theAcceptKeyIsThatOfTheRfc() {
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.acceptFor("dGhlIHNhbXBsZSBub25jZQ=="));
    }

    /** One connection: reads the request's head, answers with {@code answer} ($ACCEPT filled in), then {@code then}. */
    private static ServerSocket serve(String answer, byte[] then) throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(() -> {
            try (Socket socket = listening.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.read());
                String key = head.toString().replaceAll("(?s).*Sec-WebSocket-Key: ([^\r]*).*", "$1");
                OutputStream out = socket.getOutputStream();
                out.write(answer.replace("$ACCEPT", WebSocketHandshake.acceptFor(key)).getBytes(StandardCharsets.UTF_8));
                out.write(then);
                out.flush();
                while (in.read() >= 0) continue;
            } catch (IOException closed) {
                return; // the client has gone
            }
        });
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private static final String ACCEPTED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: $ACCEPT\r\n\r\n";

    private static WebSocket connect(ServerSocket listening) throws Exception {
        return WebSocket.connect(Address.parse("ws://127.0.0.1:" + listening.getLocalPort()), "secret", 2000);
    }

    @Test
    public void fragmentsJoinAroundAPingAndACloseEnds() throws Exception {
        byte[] frames = bytes(0x02, 2, 1, 2, 0x89, 1, 9, 0x00, 1, 3, 0x80, 1, 4, 0x82, 126, 0, 3, 5, 6, 7, 0x88, 2, 3, 0xe8);
        try (ServerSocket listening = serve(ACCEPTED, frames); WebSocket socket = connect(listening)) {
            assertArrayEquals(bytes(1, 2, 3, 4), socket.receive());
            assertArrayEquals(bytes(5, 6, 7), socket.receive());
            assertNull(socket.receive());
        }
    }

    @Test
    public void aRefusalTellsTheServersOwnWords() throws Exception {
        String body = "{\"code\":\"token_wrong\",\"message\":\"The token is wrong.\",\"hint\":\"Use the other.\",\"details\":{}}";
        assertRefused("HTTP/1.1 401 Unauthorized\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, "token_wrong", "The token is wrong. Use the other.");
        assertRefused("HTTP/1.1 401 Unauthorized\r\n\r\n", "token_wrong", null);
        assertRefused("HTTP/1.1 404 Not Found\r\n\r\n", "not_masklet", null);
        assertRefused("SSH-2.0-OpenSSH\r\n\r\n", "not_masklet", null);
        assertRefused("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: wrong\r\n\r\n", "not_masklet", null);
    }

    private static void assertRefused(String answer, String code, String sentence) throws Exception {
        try (ServerSocket listening = serve(answer, new byte[0])) {
            connect(listening).close();
            fail(answer);
        } catch (Fault fault) {
            assertEquals(code, fault.code());
            if (sentence != null) assertEquals(sentence, fault.sentence());
        }
    }

    @Test
    public void addressesAreReadAsPeopleWriteThem() throws Fault {
        assertEquals("ws://127.0.0.1:8000/v1/live", Address.parse("127.0.0.1:8000").toString());
        assertEquals("ws://localhost:81/v1/live", Address.parse("http://localhost:81/").toString());
        assertEquals("https://[::1]:443", Address.http(Address.parse("wss://[::1]")));
        for (String wrong : Arrays.asList("", "ftp://a", "ws://a b", "ws://")) {
            try {
                fail(wrong + " gave " + Address.parse(wrong));
            } catch (Fault fault) {
                assertEquals("address_invalid", fault.code());
            }
        }
    }
}
