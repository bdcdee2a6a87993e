package org.masklet.fiji;

import ij.IJ;
import ij.Macro;
import ij.gui.GenericDialog;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.masklet.wire.Address;
import org.masklet.wire.Fault;
import org.masklet.wire.LiveClient;

/** Starts the server for a person who asked for a command and has none running, where the command {@code masklet} is installed. */
final class ServerStart {
    private static final int WAIT_MS = 60_000;
    private static final int TURN_MS = 200;

    private ServerStart() {}

    /** Asks the person; never a script, not for a preview, and not for another machine's server. */
    static boolean isWanted(URI address) {
        boolean person = !Thread.currentThread().getName().equals(Preview.THREAD) && Macro.getOptions() == null && !IJ.isMacro() && !IJ.macroRunning() && !Command.isQuiet();
        if (!person || !isHere(address) || program(path(), IJ.isWindows()) == null) return false;
        GenericDialog dialog = new GenericDialog("Masklet");
        dialog.addMessage("No Masklet server answers at " + Address.show(address) + ".\nStart one now? It ends with ImageJ. (The same as: " + String.join(" ", words("masklet", address)) + ")");
        dialog.setOKLabel("Yes");
        dialog.setCancelLabel("No");
        dialog.showDialog();
        return dialog.wasOKed();
    }

    /** Whether the address is this machine's, and one that a server of ours would listen on. */
    static boolean isHere(URI address) {
        return "ws".equals(address.getScheme()) && Arrays.asList("127.0.0.1", "localhost", "[::1]").contains(address.getHost());
    }

    /** The PATH, and where programs lie that a macOS application is not told of. */
    private static String path() {
        String path = System.getenv("PATH");
        return (path == null ? "" : path + File.pathSeparator) + "/usr/local/bin" + File.pathSeparator + "/opt/homebrew/bin";
    }

    /** The program {@code masklet}, in the first of the path's folders that has it; null for none. */
    static File program(String path, boolean windows) {
        for (String folder : path.split(File.pathSeparator)) {
            for (String name : windows ? new String[] {"masklet.cmd", "masklet.exe"} : new String[] {"masklet"}) {
                File file = new File(folder, name);
                if (!folder.isEmpty() && file.isFile() && (windows || file.canExecute())) return file;
            }
        }
        return null;
    }

    private static List<String> words(String program, URI address) {
        List<String> words = new ArrayList<>(Arrays.asList(program, "serve"));
        if (address.getPort() >= 0) words.addAll(Arrays.asList("--port", Integer.toString(address.getPort())));
        return words;
    }

    /**
     * Starts it and waits until it answers; Escape ends both.
     *
     * @param attempt connects, or throws server_unreachable
     */
    static LiveClient connect(URI address, Callable<LiveClient> attempt) throws Fault, InterruptedException {
        File log;
        Process server;
        try {
            log = File.createTempFile("masklet-server", ".log");
            log.deleteOnExit();
            File program = program(path(), IJ.isWindows());
            ProcessBuilder made = new ProcessBuilder(words(program.getPath(), address)).redirectErrorStream(true).redirectOutput(log);
            made.environment().put("PATH", program.getParent() + File.pathSeparator + path()); // node lies where npm put masklet
            server = made.start();
        } catch (IOException e) {
            throw new Fault("server_unreachable", "The server could not be started (" + e.getMessage() + ").", "Start it with `masklet serve` in a terminal.", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
        IJ.resetEscape();
        IJ.showStatus("Masklet: starting the server... (Esc stops)");
        long until = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (true) {
            try {
                return attempt.call();
            } catch (Fault fault) {
                boolean over = System.nanoTime() > until || !server.isAlive() || IJ.escapePressed();
                if (!fault.code().equals("server_unreachable")) throw fault;
                if (!over) {
                    Thread.sleep(TURN_MS);
                    continue;
                }
                boolean died = !server.isAlive();
                server.destroy();
                if (IJ.escapePressed()) throw new Fault("cancelled", "Stopped by Escape; the server was not started.", "");
                throw new Fault("server_unreachable", died ? "The server ended as soon as it was started: " + lastLine(log) : "The server was started, but does not answer.", "Start it with `masklet serve` in a terminal to see why.", fault);
            } catch (InterruptedException | RuntimeException e) {
                server.destroy();
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("connecting threw what it cannot throw", e);
            }
        }
    }

    private static String lastLine(File log) {
        try {
            String[] lines = new String(Files.readAllBytes(log.toPath()), StandardCharsets.UTF_8).trim().split("\n");
            return lines[lines.length - 1].trim();
        } catch (IOException e) {
            return "it said nothing";
        }
    }
}
