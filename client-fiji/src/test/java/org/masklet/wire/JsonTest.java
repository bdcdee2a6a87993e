package org.masklet.wire;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import java.util.Arrays;
import org.junit.Test;

public class JsonTest {
    @Test
    public void whatIsWrittenIsReadBack() throws Fault {
        String text = "{\"a\":[1,-2.5,true,null,\"q\\\"\\\\ \\u0001ä\"],\"b\":{},\"c\":[]}";
        assertEquals(text, Json.write(Json.read(text)));
        assertEquals("A\n/", Json.read(" \"\\u0041\\n\\/\" "));
    }

    @Test
    public void brokenTextIsAFault() {
        for (String broken : Arrays.asList("", "{", "[1,", "{\"a\" 1}", "\"open", "[1] 2", "nul", "--1", "{1:2}", "\"\\q\"")) {
            try {
                fail(broken + " gave " + Json.read(broken));
            } catch (Fault fault) {
                assertEquals("frame_invalid", fault.code());
            }
        }
    }
}
