/// What many of S3's requests and answers have in common, by the names of the model: checksums,
/// grants, properties of objects, customers' keys.
///
/// The model repeats these members in dozens of shapes that share no type. Here they are read and
/// written once, by name.
@NullMarked
package dev.freehold.services.s3.wire;

import org.jspecify.annotations.NullMarked;
