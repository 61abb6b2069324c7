/// What an environment tells its extensions: [Telemetry] hands events to the [Subscriber]s that the
/// Telemetry API and the older Logs API have accepted. Each has a bounded buffer and a thread, and
/// delivers by HTTP or TCP to a port of the environment's own loopback.
///
/// Nobody waits for an extension: what it does not take in time is dropped, and it is told how much
/// by `platform.logsDropped`. While an environment is frozen its extensions take nothing, so there
/// is no time limit for an answer.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html>.
@NullMarked
package dev.freehold.sandbox.telemetry;

import org.jspecify.annotations.NullMarked;
