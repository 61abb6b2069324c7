/// What engines share: the optimistic transaction, the check against what committed since, and the
/// loop that runs a body again.
///
/// An engine extends [dev.freehold.storage.engine.OptimisticStore] with snapshots and a commit.
@NullMarked
package dev.freehold.storage.engine;

import org.jspecify.annotations.NullMarked;
