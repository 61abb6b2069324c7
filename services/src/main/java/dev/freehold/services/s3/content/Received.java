package dev.freehold.services.s3.content;

import dev.freehold.services.s3.state.Checksum;
import org.jspecify.annotations.Nullable;

/// Bytes that lie in a blob, durable, and that no row names yet.
///
/// @param blob the blob, or empty when there were no bytes
/// @param md5 hexadecimal
/// @param checksum the one to keep
/// @param checked the one that the sender checks by, or null
public record Received(
        String blob, long size, String md5, Checksum checksum, @Nullable Checksum checked) {}
