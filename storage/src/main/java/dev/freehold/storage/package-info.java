/// State: one ordered, transactional key-value interface, and blobs beside it.
///
/// A [Store] runs short, small transactions that are strictly serializable and optimistic. A body
/// reads at a snapshot; its writes stay in an overlay that its own reads and scans see; the
/// committer checks what it read against what committed since, and a conflict runs the body again.
/// So a body is **pure**: it takes time, ids and randomness from outside and changes nothing but
/// the transaction.
///
/// Keys are typed tuples in byte order ([KeyWriter]); values are records with a [Codec]. Each
/// service declares its layouts as [Table]s in one `XxxTables` class, with permanent numbers.
@NullMarked
package dev.freehold.storage;

import org.jspecify.annotations.NullMarked;
