package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.File;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.masklet.wire.Address;
import org.masklet.wire.Fault;

public class ServerStartTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theProgramIsTheFirstOfThePathThatCanBeRun() throws Exception {
        File first = folder.newFolder("first");
        File second = folder.newFolder("second");
        assertTrue(new File(first, "masklet").createNewFile()); // but it may not be run
        File program = new File(second, "masklet");
        assertTrue(program.createNewFile() && program.setExecutable(true));
        String path = "/nowhere" + File.pathSeparator + File.pathSeparator + first + File.pathSeparator + second;
        assertEquals(program, ServerStart.program(path, false));
        assertNull(ServerStart.program(first.getPath(), false));
        assertNull(ServerStart.program("", false));
        File windows = new File(first, "masklet.cmd");
        assertTrue(windows.createNewFile());
        assertEquals(windows, ServerStart.program(path, true));
    }

    @Test
    public void onlyThisMachinesServerCanBeStarted() throws Fault {
        for (String here : new String[] {"ws://127.0.0.1:8000", "localhost:9000", "http://[::1]:8000"}) assertTrue(here, ServerStart.isHere(Address.parse(here)));
        for (String there : new String[] {"ws://10.0.0.7:8000", "wss://127.0.0.1:8000", "ws://example.org"}) assertFalse(there, ServerStart.isHere(Address.parse(there)));
    }
}
