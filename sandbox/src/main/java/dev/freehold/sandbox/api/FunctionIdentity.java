package dev.freehold.sandbox.api;

/// What extensions are told of their function.
///
/// @param account twelve digits, or empty when it has none
public record FunctionIdentity(String account, String name, String version, String handler) {}
