package dev.freehold.sandbox;

import java.io.ByteArrayOutputStream;

/// Collects a streamed answer for callers that want it whole, up to what such an answer may have.
final class WholeAnswer implements ResponseSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void begin(String contentType) {
        bytes.reset();
    }

    @Override
    public void write(byte[] chunk) {
        if (bytes.size() + chunk.length <= Errors.MAX_RESPONSE) {
            bytes.writeBytes(chunk);
        }
    }

    /// A result with the answer, unless it has an error.
    InvocationResult in(InvocationResult result) {
        return result.failed()
                ? result
                : new InvocationResult(
                        bytes.toByteArray(),
                        false,
                        result.timings(),
                        result.maxMemory(),
                        result.logTail());
    }
}
