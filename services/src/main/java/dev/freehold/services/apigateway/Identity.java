package dev.freehold.services.apigateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who was authorised, as the two payload formats tell it to functions.
///
/// @param version1 `requestContext.authorizer` of format 1.0
/// @param version2 `requestContext.authorizer` of format 2.0
record Identity(Map<String, @Nullable Object> version1, Map<String, @Nullable Object> version2) {}
