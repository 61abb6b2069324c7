/// Buckets as websites: an index for each folder, a page for errors, redirects by rules. Visitors
/// don't sign, and see what the bucket's policy or the objects' lists let everybody see.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html>.
@NullMarked
package dev.freehold.services.s3.website;

import org.jspecify.annotations.NullMarked;
