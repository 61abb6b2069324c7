package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.policy.Evaluator;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.Policy;
import dev.freehold.policy.PolicyParser;
import dev.freehold.policy.Question;
import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.services.apigateway.Authorizers.Decision;
import dev.freehold.services.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Asks a function whether a request may come in, and remembers what it said.
///
/// See
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>.
final class LambdaAuthorizer {
    /// The most answers that are remembered.
    private static final int MAX_REMEMBERED = 10_000;

    private final LambdaIntegration functions;
    private final InstantSource clock;
    private final Map<Asked, Remembered> remembered = new ConcurrentHashMap<>();

    LambdaAuthorizer(LambdaIntegration functions, InstantSource clock) {
        this.functions = functions;
        this.clock = clock;
    }

    private record Asked(String api, String authorizer, List<String> sources) {}

    private record Remembered(Map<String, @Nullable Object> answer, Instant until) {}

    Decision decide(LiveApis.Hit hit, Authorizer authorizer) {
        List<String> sources = new ArrayList<>();
        List<String> places =
                authorizer.identitySource() == null ? List.of() : authorizer.identitySource();
        for (String place : places) {
            String value = IdentitySource.value(place, hit);
            if (value == null) {
                return Authorizers.UNAUTHORIZED;
            }
            sources.add(value);
        }
        Asked asked =
                new Asked(
                        hit.row().id() + " " + hit.stage().stageName(),
                        String.valueOf(authorizer.authorizerId()),
                        sources);
        int ttl =
                authorizer.authorizerResultTtlInSeconds() == null
                        ? 0
                        : authorizer.authorizerResultTtlInSeconds();
        Instant now = clock.instant();
        Remembered known = ttl == 0 ? null : remembered.get(asked);
        if (known != null && now.isBefore(known.until)) {
            return judge(hit, authorizer, known.answer);
        }
        Map<String, @Nullable Object> answer = ask(hit, authorizer, sources);
        if (answer == null) {
            return Authorizers.FAILED;
        }
        if (ttl > 0) {
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(asked, new Remembered(answer, now.plusSeconds(ttl)));
        }
        return judge(hit, authorizer, answer);
    }

    /// What the function says, or null when it fails.
    private @Nullable Map<String, @Nullable Object> ask(
            LiveApis.Hit hit, Authorizer authorizer, List<String> sources) {
        ProxyEvent event = functions.event(hit, null, null);
        boolean version2 = "2.0".equals(authorizer.authorizerPayloadFormatVersion());
        String payload =
                version2
                        ? event.authorizer2(hit.requestArn(), sources)
                        : event.authorizer1(hit.requestArn(), sources);
        String source = hit.row().executeArn("authorizers/" + authorizer.authorizerId());
        LambdaIntegration.Answer answer =
                functions.invoke(
                        hit,
                        String.valueOf(authorizer.authorizerUri()),
                        payload,
                        source,
                        RouteRules.MAX_TIMEOUT);
        try {
            return answer.payload() == null
                    ? null
                    : Json.readObject(new String(answer.payload(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Decision judge(
            LiveApis.Hit hit, Authorizer authorizer, Map<String, @Nullable Object> answer) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        if (answer.get("context") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> context.put(String.valueOf(name), value));
        }
        Map<String, @Nullable Object> version2 = new LinkedHashMap<>();
        version2.put("lambda", context);
        if (Boolean.TRUE.equals(authorizer.enableSimpleResponses())) {
            if (!(answer.get("isAuthorized") instanceof Boolean authorized)) {
                return Authorizers.FAILED;
            }
            return authorized
                    ? new Decision.Let(new Identity(context, version2))
                    : Authorizers.FORBIDDEN;
        }
        if (answer.get("principalId") == null || answer.get("policyDocument") == null) {
            return Authorizers.FAILED;
        }
        Map<String, @Nullable Object> version1 = new LinkedHashMap<>(context);
        version1.put("principalId", answer.get("principalId"));
        return allows(hit, Json.write(answer.get("policyDocument")))
                ? new Decision.Let(new Identity(version1, version2))
                : Authorizers.FORBIDDEN;
    }

    /// Whether a policy allows the request: the ARN names the path that came, not the route's.
    private static boolean allows(LiveApis.Hit hit, String document) {
        try {
            Policy policy = PolicyParser.parse(document, PolicyParser.Kind.IDENTITY);
            Subject subject =
                    new Subject(
                            Kind.USER,
                            hit.row().account(),
                            List.of("arn:aws:iam::" + hit.row().account() + ":user/caller"),
                            List.of(policy),
                            null,
                            List.of());
            Question question =
                    new Question(
                            subject,
                            "execute-api:Invoke",
                            hit.requestArn(),
                            hit.row().account(),
                            Map.of("aws:SourceIp", List.of(hit.request().sourceIp())),
                            null);
            return Evaluator.decide(question).allowed();
        } catch (MalformedPolicyException e) {
            return false;
        }
    }
}
