/// S3's rules that need no state: names, ranges, conditions, tags, CORS, grants.
@NullMarked
package dev.freehold.services.s3.rules;

import org.jspecify.annotations.NullMarked;
