package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.InvokeResponseStreamUpdate;
import dev.freehold.api.lambda.InvokeWithResponseStreamCompleteEvent;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponseEvent;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponseEvent.OfInvokeComplete;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponseEvent.OfPayloadChunk;
import dev.freehold.protocol.Blob;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.streaming.AnswerPipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The events of a streamed answer: its parts, and then how it ended. They can be had once.
final class ResponseEvents
        implements Iterable<InvokeWithResponseStreamResponseEvent>, AutoCloseable {
    /// The most bytes of one part.
    private static final int MAX_CHUNK = 64 * 1024;

    private final AnswerPipe<InvocationResult> answer;
    private final boolean tail;

    /// @param tail whether the end has the log
    ResponseEvents(AnswerPipe<InvocationResult> answer, boolean tail) {
        this.answer = answer;
        this.tail = tail;
    }

    @Override
    public void close() {
        answer.close();
    }

    @Override
    public Iterator<InvokeWithResponseStreamResponseEvent> iterator() {
        return new Iterator<>() {
            private byte[] bytes = new byte[0];
            private int at;
            private boolean ended;

            @Override
            public boolean hasNext() {
                return !ended;
            }

            @Override
            public InvokeWithResponseStreamResponseEvent next() {
                if (ended) {
                    throw new NoSuchElementException();
                }
                if (at == bytes.length && !more()) {
                    ended = true;
                    return new OfInvokeComplete(complete(answer.result()));
                }
                int from = at;
                at = Math.min(bytes.length, from + MAX_CHUNK);
                Blob part = Blob.wrap(Arrays.copyOfRange(bytes, from, at));
                return new OfPayloadChunk(
                        InvokeResponseStreamUpdate.builder().payload(part).build());
            }

            private boolean more() {
                try {
                    byte[] next = answer.next();
                    bytes = next == null ? bytes : next;
                    at = next == null ? at : 0;
                    return next != null;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private InvokeWithResponseStreamCompleteEvent complete(InvocationResult result) {
        var complete = InvokeWithResponseStreamCompleteEvent.builder();
        if (result.failed()) {
            complete.errorCode("Unhandled")
                    .errorDetails(new String(result.payload(), StandardCharsets.UTF_8));
        }
        if (tail) {
            byte[] log = result.logTail().getBytes(StandardCharsets.UTF_8);
            complete.logResult(Base64.getEncoder().encodeToString(log));
        }
        return complete.build();
    }
}
