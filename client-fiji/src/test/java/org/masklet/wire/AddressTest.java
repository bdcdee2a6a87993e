package org.masklet.wire;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.util.Arrays;
import org.junit.Test;

public class AddressTest {
    @Test
    public void anAddressIsUnderstoodAsPeopleWriteAndPasteIt() throws Fault {
        for (String written : Arrays.asList("ws://127.0.0.1:8000", "http://127.0.0.1:8000/", "127.0.0.1:8000", " 127.0.0.1:8000\n",
            "\u200bhttp://127.0.0.1:8000", "\ufeffhttp://127.0.0.1:8000\u00a0", "http://127.0.0.1:8000/sam", "http://127.0.0.1:8000/sam/")) {
            assertEquals("ws://127.0.0.1:8000/v1/live", Address.parse(written).toString());
        }
        assertEquals("wss://masklet.example/behind/proxy", Address.parse("https://masklet.example/behind/proxy").toString());
    }

    @Test
    public void whatIsNoAddressIsAFaultThatShowsOne() {
        for (String written : Arrays.asList("", "ftp://127.0.0.1", "ws://", "ws://me:secret@127.0.0.1", "ws://a b")) {
            try {
                fail(written + " gave " + Address.parse(written));
            } catch (Fault fault) {
                assertEquals("address_invalid", fault.code());
                assertTrue(fault.hint(), fault.hint().contains("ws://127.0.0.1:8000"));
            }
        }
    }
}
