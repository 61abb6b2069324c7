package dev.freehold.services.lambda.run;

import dev.freehold.sandbox.InvocationResult;

/// How an invocation ended.
///
/// @param version which version ran: `$LATEST` or a number
public record Answer(InvocationResult result, String version) {}
