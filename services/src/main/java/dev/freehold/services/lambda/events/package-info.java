/// Asynchronous invocations: events that wait as deliveries, their retries, and where their ends
/// are told.
@NullMarked
package dev.freehold.services.lambda.events;

import org.jspecify.annotations.NullMarked;
