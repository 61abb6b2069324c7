/// S3's operations, by what they work on. `S3Service` hands each to one of these.
@NullMarked
package dev.freehold.services.s3.ops;

import org.jspecify.annotations.NullMarked;
