package dev.freehold.services.lambda.rules;

import java.util.Map;

/// The tag by which a function waits for a debugger: the port where that finds it on the server's
/// loopback. Only in development.
public final class DebugTag {
    public static final String TAG = "freehold:debug";

    private static final int LEAST = 1024;
    private static final int MOST = 65_535;

    /// The Runtime API's, in every sandbox.
    private static final int RUNTIME_API = 9001;

    private DebugTag() {}

    /// @throws dev.freehold.protocol.ServiceError when the tag can't be understood, or is set where
    ///   nobody may debug
    public static void check(Map<String, String> tags, boolean development) {
        String text = tags.get(TAG);
        if (text == null) {
            return;
        }
        if (!development) {
            throw Errors.invalid("The tag " + TAG + " can be set in development only.");
        }
        if (port(tags) == 0) {
            throw Errors.invalid(
                    "The tag "
                            + TAG
                            + " must be a port from "
                            + LEAST
                            + " to "
                            + MOST
                            + " but "
                            + RUNTIME_API
                            + ", not: "
                            + text);
        }
    }

    /// The port; 0 when the function is not debugged.
    public static int port(Map<String, String> tags) {
        String text = tags.get(TAG);
        if (text == null || !text.matches("\\d{4,5}")) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port < LEAST || port > MOST || port == RUNTIME_API ? 0 : port;
    }
}
