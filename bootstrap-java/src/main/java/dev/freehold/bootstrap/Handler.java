package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.OutputStream;

/// A function's handler, whatever its kind.
interface Handler {
    /// Handles one event.
    void handle(byte[] event, OutputStream answer, Context context) throws Throwable;
}
