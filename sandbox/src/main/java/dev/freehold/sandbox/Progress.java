package dev.freehold.sandbox;

import dev.freehold.sandbox.scaling.TokenBucket;
import dev.freehold.sandbox.streaming.ResponseSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Hands an answer to its sink until the sink has enough, and knows when it came. AWS: what is
/// written part by part goes as fast as it can for 6 MiB, and then 2 MiB a second; also when nobody
/// reads it any more, or an answer that never ends would take all of a processor.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>.
final class Progress {
    private static final int BURST = 6 * 1024 * 1024;
    private static final double BYTES_PER_SECOND = 2 * 1024 * 1024;

    static final Progress NONE = new Progress(Instant.EPOCH, 0, new WholeAnswer());

    private final Instant begun;
    private final long start;
    private final ResponseSink sink;
    private final TokenBucket bandwidth;
    private byte @Nullable [] pending;
    private boolean admitted;
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
        this.bandwidth = new TokenBucket(BURST, BYTES_PER_SECOND, start);
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

    /// An answer in one piece.
    void whole(byte[] content) {
        begin("application/json");
        write(content);
        admitted = true;
        flush(Duration.ZERO);
    }

    /// A part of the answer has come; [#flush] hands it on, before the next.
    void write(byte[] chunk) {
        last = System.nanoTime();
        bytes += chunk.length;
        pending = chunk;
        admitted = false;
    }

    /// Hands on the part that has come last, unless that is done.
    ///
    /// @param wait for how long to wait for its reader
    /// @return whether there is none any more
    boolean flush(Duration wait) {
        byte[] chunk = pending;
        if (chunk == null) {
            return true;
        }
        long end = System.nanoTime() + wait.toNanos();
        if (!admitted && !admit(chunk.length, end)) {
            return false;
        }
        admitted = true;
        try {
            long left = Math.max(0, end - System.nanoTime());
            if (broken || sink.write(chunk, Duration.ofNanos(left))) {
                pending = null;
            }
        } catch (IOException e) {
            broken = true;
            pending = null;
        }
        return pending == null;
    }

    private boolean admit(int count, long end) {
        while (true) {
            long now = System.nanoTime();
            long wait = bandwidth.take(count, now);
            if (wait == 0 || now >= end) {
                return wait == 0;
            }
            LockSupport.parkNanos(Math.min(wait, end - now));
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
