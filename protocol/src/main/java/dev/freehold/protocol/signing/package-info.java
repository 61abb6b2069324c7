/// Signatures of requests: Signature Version 4 in headers, in presigned URLs and over chunked
/// bodies, and Version 2 in S3's presigned URLs.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>.
@NullMarked
package dev.freehold.protocol.signing;

import org.jspecify.annotations.NullMarked;
