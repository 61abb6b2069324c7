package dev.freehold.services.lambda.state;

/// An event source mapping, by its UUID.
public record MappingKey(String account, String region, String id) {}
