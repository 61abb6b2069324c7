package dev.freehold.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/// Who calls, where, since when. Passed as a parameter to every operation.
///
/// @param account the 12-digit account that owns what the call touches
/// @param region the region of the credential scope
/// @param principal who it is
/// @param requestId the id that the answer carries
/// @param facts what policies' conditions may ask of the request: `aws:SourceIp`, ...
/// @param usage collects what the call uses
public record Caller(
        String account,
        String region,
        Principal principal,
        String requestId,
        Map<String, String> facts,
        Usage usage) {
    /// The fact that holds the request's `X-Amzn-Trace-Id`, when it has one.
    public static final String TRACE_HEADER = "freehold:TraceHeader";

    /// The fact that holds the id of the access key that signed the request. No policy can ask for
    /// it, since no request can set it.
    public static final String ACCESS_KEY = "freehold:AccessKey";

    public Caller {
        if (account.length() != 12) {
            throw new IllegalArgumentException("not an account: " + account);
        }
        facts = Map.copyOf(facts);
    }

    /// The same caller with one more fact.
    public Caller withFact(String name, String value) {
        return withFacts(Map.of(name, value));
    }

    /// The same caller with more facts.
    public Caller withFacts(Map<String, String> added) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.putAll(added);
        return new Caller(account, region, principal, requestId, more, usage);
    }

    /// The partition of the region's ARNs.
    public String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    /// An ARN in this account and region.
    public Arn arn(String service, String resource) {
        return new Arn(partition(), service, region, account, resource);
    }
}
