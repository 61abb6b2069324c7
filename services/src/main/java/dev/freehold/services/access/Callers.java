package dev.freehold.services.access;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import java.util.LinkedHashMap;
import java.util.Map;

/// Callers that are services.
public final class Callers {
    private Callers() {}

    /// A service that acts because of something.
    ///
    /// @param service such as `s3.amazonaws.com`
    /// @param sourceArn because of what: the bucket, the topic, the API
    /// @param sourceAccount whose that is
    public static Caller service(
            String account,
            String region,
            String service,
            String sourceArn,
            String sourceAccount,
            String requestId) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("aws:SourceArn", sourceArn);
        facts.put("aws:SourceAccount", sourceAccount);
        facts.put("aws:PrincipalIsAWSService", "true");
        Principal principal = new Principal.Service(service, sourceArn);
        return new Caller(account, region, principal, requestId, facts, new Usage());
    }
}
