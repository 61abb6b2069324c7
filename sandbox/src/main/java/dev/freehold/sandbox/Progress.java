package dev.freehold.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// Hands an answer to its sink until the sink has enough, and knows when it came.
final class Progress {
    static final Progress NONE = new Progress(Instant.EPOCH, 0, new WholeAnswer());

    private final Instant begun;
    private final long start;
    private final ResponseSink sink;
    private boolean broken;
    private long first;
    private long last;
    private long bytes;

    /// @param begun when the invocation was handed to the runtime
    /// @param start the same, in nanoseconds
    Progress(Instant begun, long start, ResponseSink sink) {
        this.begun = begun;
        this.start = start;
        this.sink = sink;
    }

    void begin(String contentType) {
        first = System.nanoTime();
        last = first;
        try {
            sink.begin(contentType);
        } catch (IOException e) {
            broken = true;
        }
    }

    void write(byte[] chunk) {
        last = System.nanoTime();
        bytes += chunk.length;
        try {
            if (!broken) {
                sink.write(chunk);
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    /// How many bytes have come.
    long bytes() {
        return bytes;
    }

    /// When the invocation was handed to the runtime.
    Instant begun() {
        return begun;
    }

    /// How long the answer took to begin; all of the time when there was none.
    Duration latency(Duration all) {
        return first == 0 ? all : Duration.ofNanos(first - start);
    }

    /// How long it took then.
    Duration duration() {
        return Duration.ofNanos(last - first);
    }

    /// Whether there was an answer.
    boolean answered() {
        return first != 0;
    }
}
