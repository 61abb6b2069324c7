/// Durable executions: functions that are invoked again and again until they have an end, and skip
/// what they did before.
///
/// The function's SDK notes each operation (a step, a wait, a callback, an invocation of another
/// function, a context of its own for a branch) in a checkpoint. When it has nothing to do but wait
/// it answers `PENDING`; once an operation has changed it is invoked again with all operations and
/// replays. So an execution is: its rows ([dev.freehold.services.lambda.durable.state]), at most
/// one invocation that runs, and deliveries for what is to happen.
///
/// INVARIANT: whatever an execution waits for is a delivery, written in the transaction that began
/// the wait, so that killing the process between any two lines loses nothing:
///
/// - `Progress.scheduled` is not 0: there is a delivery that invokes the function (also while the
///   invocation runs: after a crash it runs again, and its predecessor's checkpoint token is void);
/// - `Progress.due` is set: there is a delivery for that time;
/// - until it ends there is a delivery for its deadline;
/// - a chained invocation has a delivery until it has been started, then the child has its parent.
///
/// A checkpoint is one transaction, acknowledged once durable. It names the token of the one
/// before; the same request again gets the same answer.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html>.
@NullMarked
package dev.freehold.services.lambda.durable;

import org.jspecify.annotations.NullMarked;
