package dev.freehold.services.lambda.state;

/// Something of an account in a region, by name or id.
public record RegionKey(String account, String region, String name) {}
