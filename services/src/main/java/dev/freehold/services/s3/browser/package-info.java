/// What S3 is to web browsers: buckets' CORS rules, which are asked before a page's request and
/// decide who may read the answer; and forms, by which a page uploads without code.
///
/// A form is turned into the PutObject that it stands for, and goes the way of all requests:
/// [PostedForms] reads its fields with [FormBody], holds them against the [PostPolicy] that the
/// form brings, and leaves the file a stream.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html> and
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html>.
@NullMarked
package dev.freehold.services.s3.browser;

import org.jspecify.annotations.NullMarked;
