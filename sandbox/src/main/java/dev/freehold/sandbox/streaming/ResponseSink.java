package dev.freehold.sandbox.streaming;

import java.io.IOException;
import java.time.Duration;

/// Takes a function's answer while the function writes it. A sink that throws is not called again,
/// and the function runs on to its end, as on AWS.
public interface ResponseSink {
    /// The answer begins.
    ///
    /// @param contentType what the function says it is; that of an HTTP integration
    ///   (`application/vnd.awslambda.http-integration-response`) has a prelude of JSON and eight
    ///   zero bytes before its body
    void begin(String contentType) throws IOException;

    /// Some of the answer. The function waits meanwhile, and its timeout goes on.
    ///
    /// @param wait for how long to wait for a place
    /// @return whether it was taken; else it comes again
    boolean write(byte[] chunk, Duration wait) throws IOException;
}
