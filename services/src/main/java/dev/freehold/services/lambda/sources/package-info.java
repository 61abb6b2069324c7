/// Event source mappings: functions fed from queues.
///
/// [Mappings] has the operations. [EventSources] runs a [QueuePoller] for each mapping that is
/// enabled; it collects a [Batch], hands it to the function, and deletes what the function did not
/// fail at. What is left comes back when its visibility ends, and goes to the queue's dead-letter
/// queue by the queue's own rules. Sources other than SQS get their own pollers beside it.
@NullMarked
package dev.freehold.services.lambda.sources;

import org.jspecify.annotations.NullMarked;
