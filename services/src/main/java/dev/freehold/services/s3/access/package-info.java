/// What every operation begins with: the bucket, the object and the version that a request names,
/// and what operations work with.
@NullMarked
package dev.freehold.services.s3.access;

import org.jspecify.annotations.NullMarked;
