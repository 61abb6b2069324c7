package dev.freehold.services.apigateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.api.apigatewayv2.JWTConfiguration;
import dev.freehold.services.apigateway.Authorizers.Decision;
import dev.freehold.services.json.Json;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Checks tokens of an OpenID provider.
///
/// See <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>.
final class JwtAuthorizer {
    private static final System.Logger LOG = System.getLogger(JwtAuthorizer.class.getName());
    private static final int TIMEOUT_MILLIS = 1_500;
    private static final int MAX_KEYS_BYTES = 150_000;

    /// The most issuers whose keys are kept.
    private static final int MAX_ISSUERS = 100;

    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private final InstantSource clock;
    private final DefaultResourceRetriever retriever =
            new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEYS_BYTES);
    private final Map<String, JWKSource<SecurityContext>> sources = new ConcurrentHashMap<>();

    JwtAuthorizer(InstantSource clock) {
        this.clock = clock;
    }

    Decision decide(LiveApis.Hit hit, Authorizer authorizer) {
        JWTConfiguration wanted = authorizer.jwtConfiguration();
        List<String> places = authorizer.identitySource();
        if (wanted == null || wanted.issuer() == null || places == null || places.isEmpty()) {
            return Authorizers.FAILED;
        }
        String given = IdentitySource.value(places.getFirst(), hit);
        if (given == null) {
            return Authorizers.UNAUTHORIZED;
        }
        boolean bearer = given.regionMatches(true, 0, "Bearer ", 0, 7);
        String token = bearer ? given.substring(7).strip() : given.strip();
        JWTClaimsSet claims;
        try {
            claims = processor(wanted.issuer()).process(token, null);
        } catch (ParseException | BadJOSEException e) {
            return Authorizers.UNAUTHORIZED;
        } catch (JOSEException | IOException e) {
            LOG.log(System.Logger.Level.INFO, "Keys of a token issuer can't be had", e);
            return Authorizers.UNAUTHORIZED;
        }
        if (!valid(claims, wanted)) {
            return Authorizers.UNAUTHORIZED;
        }
        return scoped(hit, claims);
    }

    private DefaultJWTProcessor<SecurityContext> processor(String issuer) throws IOException {
        JWKSource<SecurityContext> keys = sources.get(issuer);
        if (keys == null) {
            keys = JWKSourceBuilder.create(keysOf(issuer), retriever).build();
            if (sources.size() >= MAX_ISSUERS) {
                sources.clear();
            }
            sources.put(issuer, keys);
        }
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        // Times are checked here, by the server's own clock.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        return processor;
    }

    /// Where an issuer's keys are, as its discovery document says.
    private java.net.URL keysOf(String issuer) throws IOException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            String document =
                    retriever
                            .retrieveResource(
                                    URI.create(base + "/.well-known/openid-configuration").toURL())
                            .getContent();
            return URI.create(String.valueOf(Json.readObject(document).get("jwks_uri"))).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new IOException("no discovery document at " + base, e);
        }
    }

    private boolean valid(JWTClaimsSet claims, JWTConfiguration wanted) {
        if (!String.valueOf(wanted.issuer()).equals(claims.getIssuer())) {
            return false;
        }
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        Date from = claims.getNotBeforeTime();
        Date issued = claims.getIssueTime();
        if (expires == null
                || !now.isBefore(expires.toInstant())
                || (from != null && now.isBefore(from.toInstant()))
                || (issued != null && now.isBefore(issued.toInstant()))) {
            return false;
        }
        List<String> audience = wanted.audience() == null ? List.of() : wanted.audience();
        List<String> named =
                claims.getAudience().isEmpty()
                        ? List.of(String.valueOf(claims.getClaim("client_id")))
                        : claims.getAudience();
        return named.stream().anyMatch(audience::contains);
    }

    private static Decision scoped(LiveApis.Hit hit, JWTClaimsSet claims) {
        List<String> wanted = hit.route().route().authorizationScopes();
        List<String> given = scopes(claims);
        boolean asked = wanted != null && !wanted.isEmpty();
        if (asked && wanted.stream().noneMatch(given::contains)) {
            return Authorizers.FORBIDDEN;
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        claims.toJSONObject().forEach((name, value) -> texts.put(name, text(value)));
        shown.put("claims", texts);
        shown.put("scopes", asked ? given : null);
        Map<String, @Nullable Object> version2 = new LinkedHashMap<>();
        version2.put("jwt", shown);
        return new Decision.Let(new Identity(shown, version2));
    }

    private static List<String> scopes(JWTClaimsSet claims) {
        Object scope =
                claims.getClaim("scope") == null
                        ? claims.getClaim("scp")
                        : claims.getClaim("scope");
        if (scope instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return scope == null ? List.of() : List.of(scope.toString().split(" ", -1));
    }

    /// Claims go on as text; lists as `[a b]`.
    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return "[" + String.join(" ", list.stream().map(String::valueOf).toList()) + "]";
        }
        return String.valueOf(value);
    }
}
