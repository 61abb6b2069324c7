/// The rows of durable executions: what was begun, its operations, its history, their payloads.
///
/// | table | key | value |
/// |---|---|---|
/// | 271 executions | function, name | what it is and where it stands |
/// | 272 started | function, start, name | index for listings |
/// | 273 operations | function, name, number | an operation as it is, without its payloads |
/// | 274 operation ids | function, name, id | the operation's number |
/// | 275 unseen | function, name, number | operations that changed since the handler was told |
/// | 276 events | function, name, number | the history, without payloads |
/// | 277 payloads | function, name, number, part | inputs, results, errors, once each, in parts |
/// | 278 expiries | time, function, name | when an ended execution may be forgotten |
@NullMarked
package dev.freehold.services.lambda.durable.state;

import org.jspecify.annotations.NullMarked;
