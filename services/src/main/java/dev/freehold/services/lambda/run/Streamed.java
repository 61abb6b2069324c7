package dev.freehold.services.lambda.run;

import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.streaming.AnswerPipe;

/// An invocation that has begun.
///
/// @param answer what comes of it; whoever has it closes it
/// @param version which version runs: `$LATEST` or a number
public record Streamed(AnswerPipe<InvocationResult> answer, String version) {}
