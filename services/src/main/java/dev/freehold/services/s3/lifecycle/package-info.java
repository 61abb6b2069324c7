/// Lifecycle: what becomes of objects with time.
///
/// [Rules] holds what a bucket's configuration says as pure rules, by which reads tell when an
/// object will expire, and by which [Sweep] acts. As on AWS a rule's days end at a midnight (UTC),
/// so each bucket is swept once a day, and once more when its configuration changes.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html>.
@NullMarked
package dev.freehold.services.s3.lifecycle;

import org.jspecify.annotations.NullMarked;
