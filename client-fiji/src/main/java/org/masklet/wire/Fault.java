package org.masklet.wire;

import java.util.Map;

/** A failure with a code of the server's catalogue (or one of this client's own), what happened, and what to do. */
public final class Fault extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String hint;

    public Fault(String code, String message, String hint) {
        this(code, message, hint, null);
    }

    public Fault(String code, String message, String hint, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint == null ? "" : hint;
    }

    /** The members code, message and hint of an {@code error} message or of a problem+json body. */
    public static Fault of(Map<?, ?> members) {
        return new Fault(text(members, "code", "internal"), text(members, "message", "The server reported a fault without words."), text(members, "hint", ""));
    }

    static Fault frame(String why) {
        return new Fault("frame_invalid", "The server sent something that is not a Masklet message: " + why + ".",
            "Check that client and server have the same version.");
    }

    private static String text(Map<?, ?> members, String key, String otherwise) {
        Object found = members.get(key);
        return found instanceof String && !((String) found).isEmpty() ? (String) found : otherwise;
    }

    public String code() {
        return code;
    }

    public String hint() {
        return hint;
    }

    /** Message and hint as a person reads them. */
    public String sentence() {
        return hint.isEmpty() ? getMessage() : getMessage() + " " + hint;
    }
}
