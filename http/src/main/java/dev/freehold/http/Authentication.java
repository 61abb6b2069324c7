package dev.freehold.http;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.signing.Authorization;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.protocol.signing.SignatureVerifier;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out who calls.
public final class Authentication {
    /// The account of callers that name none.
    public static final String DEFAULT_ACCOUNT = "000000000000";

    private static final String DEFAULT_REGION = "us-east-1";

    private final KeyStore keys;
    private final SignatureVerifier verifier;
    private final InstantSource clock;
    private final boolean development;

    /// @param development whether an unknown key is an account's root
    public Authentication(KeyStore keys, InstantSource clock, boolean development) {
        this.keys = keys;
        this.verifier = new SignatureVerifier(clock);
        this.clock = clock;
        this.development = development;
    }

    /// The caller, and the request with the body that its signature promises.
    record Known(Caller caller, Request request) {}

    /// @throws CommonError AWS's error when the request is not what its signature says
    Known authenticate(Request request, @Nullable Authorization authorization) {
        if (authorization == null) {
            return new Known(
                    caller(request, DEFAULT_ACCOUNT, DEFAULT_REGION, new Principal.Anonymous()),
                    request);
        }
        String region = authorization.region().isEmpty() ? DEFAULT_REGION : authorization.region();
        KeyStore.Key key = keys.find(authorization.accessKey(), authorization.token());
        if (key == null) {
            String account = unknown(authorization);
            Request read = verifier.verify(request, authorization, null);
            return new Known(caller(request, account, region, new Principal.Root(account)), read);
        }
        if (key.expiry() != null && !clock.instant().isBefore(key.expiry())) {
            boolean s3 = authorization.service().equals("s3");
            throw new CommonError(
                    "ExpiredToken",
                    403,
                    s3
                            ? "The provided token has expired."
                            : "The security token included in the request is expired");
        }
        if (key.token() != null && !key.token().equals(authorization.token())) {
            throw invalidToken();
        }
        Request read = verifier.verify(request, authorization, key.secret());
        Caller caller = caller(request, key.account(), region, key.principal());
        Map<String, String> facts = new LinkedHashMap<>(key.facts());
        facts.put(Caller.ACCESS_KEY, authorization.accessKey());
        return new Known(caller.withFacts(facts), read);
    }

    private static CommonError invalidToken() {
        return new CommonError(
                "InvalidClientTokenId",
                403,
                "The security token included in the request is invalid.");
    }

    /// The account of a key that nobody knows. One that says it is temporary was ours, and is gone.
    private String unknown(Authorization authorization) {
        String id = authorization.accessKey();
        if (!development || (id.startsWith("ASIA") && authorization.token() != null)) {
            throw authorization.service().equals("s3")
                    ? new CommonError(
                            "InvalidClientTokenId",
                            403,
                            "The AWS Access Key Id you provided does not exist in our records.")
                    : invalidToken();
        }
        boolean account = id.length() == 12 && id.chars().allMatch(c -> c >= '0' && c <= '9');
        return account ? id : DEFAULT_ACCOUNT;
    }

    private Caller caller(Request request, String account, String region, Principal principal) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("aws:SourceIp", request.sourceIp());
        facts.put("aws:SecureTransport", String.valueOf(request.secure()));
        facts.put("aws:CurrentTime", clock.instant().toString());
        facts.put("aws:EpochTime", String.valueOf(clock.instant().getEpochSecond()));
        facts.put("aws:RequestedRegion", region);
        String agent = request.headers().first("user-agent");
        facts.put("aws:UserAgent", agent == null ? "" : agent);
        String referer = request.headers().first("referer");
        if (referer != null) {
            facts.put("aws:Referer", referer);
        }
        String trace = request.headers().first("x-amzn-trace-id");
        if (trace != null) {
            facts.put(Caller.TRACE_HEADER, trace);
        }
        return new Caller(account, region, principal, request.requestId(), facts, new Usage());
    }
}
