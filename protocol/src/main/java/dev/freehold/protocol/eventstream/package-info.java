/// `application/vnd.amazon.eventstream`: how operations answer (and take) events one after another,
/// such as Lambda's InvokeWithResponseStream and S3's SelectObjectContent.
///
/// A message is its length, the length of its headers, a CRC-32 of these two, the headers, the
/// payload, and a CRC-32 of all before it.
///
/// See <https://smithy.io/2.0/aws/amazon-eventstream.html>.
@NullMarked
package dev.freehold.protocol.eventstream;

import org.jspecify.annotations.NullMarked;
