/// Objects' bytes on their way in and out. They are never whole in memory.
///
/// In: hashed, counted and perhaps encrypted while they stream into a blob. A blob whose bytes are
/// not what the sender announced is removed before anybody learns of it. Out: pieces of blobs, one
/// after the other.
@NullMarked
package dev.freehold.services.s3.content;

import org.jspecify.annotations.NullMarked;
