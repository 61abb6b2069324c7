package dev.freehold.protocol.browser;

import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.signing.Authorization;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A posted form as the request that it stands for.
///
/// @param request what it asks, as the operation's own clients would
/// @param authorization who signed its policy, or null when nobody did
/// @param answer the operation's success as a form's
public record Form(
        Request request, @Nullable Authorization authorization, UnaryOperator<Response> answer) {}
