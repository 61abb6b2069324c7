package dev.freehold.sandbox;

import java.io.IOException;

/// Takes a function's answer while the function writes it. A sink that throws is not called again,
/// and the function runs on to its end, as on AWS.
public interface ResponseSink {
    /// The answer begins.
    ///
    /// @param contentType what the function says it is; that of an HTTP integration
    ///   (`application/vnd.awslambda.http-integration-response`) has a prelude of JSON and eight
    ///   zero bytes before its body
    void begin(String contentType) throws IOException;

    /// Some of the answer; the caller waits meanwhile, and so in the end does the function.
    void write(byte[] chunk) throws IOException;
}
