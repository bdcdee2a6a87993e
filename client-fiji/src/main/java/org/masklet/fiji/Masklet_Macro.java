package org.masklet.fiji;

import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Json;

/** For scripts: {@code call("org.masklet.fiji.Masklet_Macro.lastResult")} gives the last command's result as JSON. */
public final class Masklet_Macro {
    private static volatile String last = "{}";

    private Masklet_Macro() {}

    /** {@code {"ok":true,"command":...}}, or {@code {"ok":false,"error":{"code","message","hint"}}}. */
    public static String lastResult() {
        return last;
    }

    static void succeeded(String command, Map<String, ?> facts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", true);
        result.put("command", command);
        result.putAll(facts);
        last = Json.write(result);
    }

    static void failed(Fault fault) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", fault.code());
        error.put("message", fault.getMessage());
        error.put("hint", fault.hint());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", false);
        result.put("error", error);
        last = Json.write(result);
    }
}
