package dev.freehold.sandbox;

import dev.freehold.sandbox.streaming.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// Collects an answer for callers that want it whole, up to what such an answer may have.
final class WholeAnswer implements ResponseSink {
    private static final byte[] NOTHING = new byte[0];

    /// Of an answer in one piece, which most are.
    private byte[] first = NOTHING;

    private final ByteArrayOutputStream more = new ByteArrayOutputStream();
    private boolean tooLarge;

    @Override
    public void begin(String contentType) {
        first = NOTHING;
        more.reset();
    }

    @Override
    public boolean write(byte[] chunk, Duration wait) {
        tooLarge |= first.length + more.size() + chunk.length > Errors.MAX_RESPONSE;
        if (tooLarge) {
            begin("");
        } else if (first.length == 0) {
            first = chunk;
        } else {
            more.writeBytes(chunk);
        }
        return true;
    }

    /// A result with the answer, unless it has an error.
    InvocationResult in(InvocationResult result) {
        if (result.failed()) {
            return result;
        }
        return new InvocationResult(
                tooLarge ? Errors.tooLarge() : bytes(),
                tooLarge,
                result.timings(),
                result.maxMemory(),
                result.logTail());
    }

    private byte[] bytes() {
        if (more.size() == 0) {
            return first;
        }
        byte[] all = new byte[first.length + more.size()];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more.toByteArray(), 0, all, first.length, more.size());
        return all;
    }
}
