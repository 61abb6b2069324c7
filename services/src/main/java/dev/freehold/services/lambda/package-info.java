/// Lambda: functions, their code, their invocations, and the event sources that feed them.
///
/// [LambdaService] is the front. [Functions] has the rows and the unpacked code, [Invoker] runs
/// functions by the engine, [EventSources] feeds them from queues.
@NullMarked
package dev.freehold.services.lambda;

import org.jspecify.annotations.NullMarked;
