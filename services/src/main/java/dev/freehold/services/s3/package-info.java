/// Amazon S3: buckets of objects.
///
/// [S3Service] has one method per operation and hands each to a class of `ops`. What is kept, and
/// in which tables, is told in `state`; how bytes travel in `content`. What needs neither is in
/// `rules`, `checksum`, `listing`, `acl` and `notify`, and is tested by itself.
///
/// A write streams its bytes into a blob first, then names the blob in a row, in one transaction
/// with the notifications that the write causes: a crash in between leaves a blob without a name,
/// which is collected, and never an object without bytes or an event without its object.
///
/// Where AWS surprises, and this with it: a list's order is that of UTF-8 bytes; a page of nothing
/// is not truncated; a `Range` that can't be read is ignored; a copy has neither the storage class
/// nor the redirect of its source; deleting what isn't there succeeds; a missing key is told only
/// to those who may list.
@NullMarked
package dev.freehold.services.s3;

import org.jspecify.annotations.NullMarked;
