package dev.freehold.server;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.sandbox.cgroup.Feature;
import dev.freehold.services.lambda.Lambda;
import dev.freehold.services.lambda.budgets.BudgetPage;
import dev.freehold.services.lambda.code.CodeLinks;
import dev.freehold.services.lambda.run.Traces;
import dev.freehold.services.sns.Signer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the server answers for itself, under paths that begin with `/_`.
///
/// @param services the ids of the services that are implemented
/// @param cgroup what the kernel enforces for each environment
record OwnPages(
        Lambda lambda,
        BudgetPage budgets,
        Signer signer,
        List<String> services,
        Set<Feature> cgroup) {
    /// The answer, or null when there is no such page.
    @Nullable Response answer(Request request, Function<Request, Caller> identify) {
        String certificate = signer.certificate(request.rawPath());
        if (certificate != null) {
            return text("application/x-pem-file", certificate);
        }
        if (request.rawPath().startsWith(Traces.PATH)) {
            return lambda.trace(request);
        }
        return switch (request.rawPath()) {
            case "/_freehold/health" -> text("application/json", own());
            // What existing test set-ups ask, to know whether they can begin.
            case "/_localstack/health" -> text("application/json", health());
            case CodeLinks.PATH -> lambda.code(request);
            case BudgetPage.PATH -> budgets.answer(request, identify);
            default -> null;
        };
    }

    private String own() {
        return Arrays.stream(Feature.values())
                .map(one -> "\"" + one.text() + "\":" + cgroup.contains(one))
                .collect(Collectors.joining(",", "{\"status\":\"ok\",\"cgroup\":{", "}}"));
    }

    private String health() {
        return services.stream()
                .sorted()
                .map(id -> "\"" + id + "\":\"running\"")
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"services\":{",
                                "},\"edition\":\"freehold\",\"version\":\"0.1.0\"}"));
    }

    private static Response text(String type, String text) {
        Headers headers = Headers.builder().set("content-type", type).build();
        return new Response(200, headers, ByteStream.of(Blob.ofUtf8(text)));
    }
}
