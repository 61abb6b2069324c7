/// The checksums that S3 keeps of objects: running, combined over parts, and composite.
///
/// A *full object* checksum is that of all bytes; over parts it is found by combining the parts'
/// CRCs, without reading the bytes again ([Polynomial]). A *composite* checksum is the checksum of
/// the parts' checksums, followed by `-` and the number of parts ([Composite]).
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>.
@NullMarked
package dev.freehold.services.s3.checksum;

import org.jspecify.annotations.NullMarked;
