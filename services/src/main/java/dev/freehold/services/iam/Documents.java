package dev.freehold.services.iam;

import dev.freehold.api.iam.MalformedPolicyDocumentException;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Checks policy documents, and writes them as IAM answers them.
final class Documents {
    private Documents() {}

    static void checkTrust(String document) {
        check(document, PolicyParser.Kind.TRUST);
    }

    static void checkIdentity(String document) {
        check(document, PolicyParser.Kind.IDENTITY);
    }

    private static void check(String document, PolicyParser.Kind kind) {
        try {
            PolicyParser.parse(document, kind);
        } catch (MalformedPolicyException e) {
            String message = String.valueOf(e.getMessage());
            boolean json = kind == PolicyParser.Kind.TRUST && message.startsWith("Syntax");
            throw new MalformedPolicyDocumentException(
                    json ? "This policy contains invalid Json" : message);
        }
    }

    /// Percent-encoded, as RFC 3986 says.
    static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
