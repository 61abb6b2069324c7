package dev.freehold.services.apigateway;

import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.signing.Authorization;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.protocol.signing.SignatureVerifier;
import dev.freehold.services.apigateway.Authorizers.Decision;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets in who signed the request and may invoke the route.
final class IamAuthorizer {
    private final KeyStore keys;
    private final SignatureVerifier verifier;
    private final InstantSource clock;
    private final Authorizer authorizer;
    private final boolean development;

    /// @param development whether an unknown key is the root of the API's account
    IamAuthorizer(KeyStore keys, InstantSource clock, Authorizer authorizer, boolean development) {
        this.keys = keys;
        this.verifier = new SignatureVerifier(clock);
        this.clock = clock;
        this.authorizer = authorizer;
        this.development = development;
    }

    Decision decide(LiveApis.Hit hit) {
        Request request = hit.request();
        Caller caller;
        Authorization authorization;
        try {
            authorization = Authorization.parse(request);
            caller = authorization == null ? null : authenticate(hit, authorization);
        } catch (IllegalArgumentException | ServiceError e) {
            return Authorizers.FORBIDDEN;
        }
        if (authorization == null || caller == null) {
            return Authorizers.FORBIDDEN;
        }
        Permission permission = new Permission("execute-api:Invoke", hit.requestArn());
        if (authorizer.decide(caller, List.of(permission)) instanceof Authorizer.Decision.Denied) {
            return Authorizers.FORBIDDEN;
        }
        Map<String, @Nullable Object> iam = new LinkedHashMap<>();
        iam.put("accessKey", authorization.accessKey());
        iam.put("accountId", caller.account());
        iam.put("callerId", caller.principal().id());
        iam.put("cognitoIdentity", null);
        iam.put("principalOrgId", null);
        iam.put("userArn", caller.principal().arn());
        iam.put("userId", caller.principal().id());
        return new Decision.Let(new Identity(iam, Map.of("iam", iam)));
    }

    private @Nullable Caller authenticate(LiveApis.Hit hit, Authorization authorization) {
        Request request = hit.request();
        KeyStore.Key key = keys.find(authorization.accessKey(), authorization.token());
        boolean unknown = key == null && !development;
        if (unknown || !authorization.service().equals("execute-api")) {
            return null;
        }
        if (key != null) {
            boolean ended = key.expiry() != null && !clock.instant().isBefore(key.expiry());
            boolean wrong = key.token() != null && !key.token().equals(authorization.token());
            if (ended || wrong) {
                return null;
            }
        }
        verifier.verify(request, authorization, key == null ? null : key.secret());
        String account = key == null ? hit.row().account() : key.account();
        Principal principal = key == null ? new Principal.Root(account) : key.principal();
        Map<String, String> facts = new LinkedHashMap<>(key == null ? Map.of() : key.facts());
        facts.put("aws:SourceIp", request.sourceIp());
        facts.put(Caller.ACCESS_KEY, authorization.accessKey());
        return new Caller(
                account, hit.row().region(), principal, request.requestId(), facts, new Usage());
    }
}
