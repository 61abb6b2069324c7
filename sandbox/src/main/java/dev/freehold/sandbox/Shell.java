package dev.freehold.sandbox;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What there is of an environment before anything of a runtime runs.
///
/// @param control the connection with its first process
/// @param runtime that with the bootstrap
record Shell(Control control, Frames runtime) {
    static final Duration START_TIMEOUT = Duration.ofSeconds(20);

    /// Waits until the first process of a sandbox has made both connections.
    ///
    /// @param output takes what processes print
    /// @param extensionOutput takes what extensions print
    static Shell accept(
            ServerSocketChannel server,
            Process starting,
            Consumer<String> output,
            Consumer<String> extensionOutput)
            throws IOException {
        Thread watch =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                starting.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                                server.close();
                            } catch (InterruptedException | IOException e) {
                                // it came up, or nobody waits any more
                            }
                        });
        try {
            Frames first = new Frames(server.accept());
            Frames second = new Frames(server.accept());
            return new Shell(new Control(first, output, extensionOutput), second);
        } finally {
            watch.interrupt();
        }
    }

    /// Ends a sandbox that did not come up, and says what it said.
    static String end(Process process) {
        process.destroyForcibly();
        try {
            return new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
