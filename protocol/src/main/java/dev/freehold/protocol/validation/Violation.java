package dev.freehold.protocol.validation;

import dev.freehold.protocol.Member;

/// One thing that is wrong with an input.
///
/// @param member what it is wrong with: where a list's or map's elements are wrong, the list or map
/// @param missing whether it is required and absent
/// @param text AWS's words: `Value null at 'name' failed to satisfy constraint: ...`
public record Violation(Member member, boolean missing, String text) {}
