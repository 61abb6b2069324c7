package dev.freehold.services.s3.content;

/// A run of bytes within a blob, by the offsets of what was sent (not of what is encrypted).
///
/// @param first the offset of the first byte
/// @param length how many
record Piece(String blob, long first, long length) {}
