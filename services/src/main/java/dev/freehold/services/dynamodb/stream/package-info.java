/// DynamoDB Streams: what changed in tables, in order, for a day.
///
/// A change is written as pending with what it changes, at a stamp of its time, so that writers of
/// one table don't wait for each other. [Sequencer] gives pending records sequence numbers, in the
/// order of their stamps, before anybody reads: a record that is late gets a later number, never
/// one that a reader has passed, and changes of one item keep their order. Each stream is one
/// shard.
@NullMarked
package dev.freehold.services.dynamodb.stream;

import org.jspecify.annotations.NullMarked;
