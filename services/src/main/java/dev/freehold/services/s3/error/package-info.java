/// S3's errors: AWS's codes, texts and the details that it sends beside them.
@NullMarked
package dev.freehold.services.s3.error;

import org.jspecify.annotations.NullMarked;
