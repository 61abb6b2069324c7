/// Lambda: functions, their code, their invocations, and the event sources that feed them.
///
/// [LambdaService] is the front: a method per operation. It hands each to a class of `ops`. Beside
/// them: `state` (the rows), `rules` (what input must satisfy, and in which words it is refused),
/// `code` (packages, and where they are unpacked), `run` (who may start, and the engine), `events`
/// (asynchronous invocations and destinations), `sources` (event source mappings), `urls` (function
/// URLs). [Lambda] puts them together.
@NullMarked
package dev.freehold.services.lambda;

import org.jspecify.annotations.NullMarked;
