package dev.freehold.protocol.signing;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Details;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AWS's answer to a wrong signature: with the texts that should have been signed, so that a
/// client's author can compare them with the client's own.
final class Mismatch {
    private static final String TEXT =
            "The request signature we calculated does not match the signature you provided. Check"
                    + " your ";

    private Mismatch() {}

    /// @param canonical the canonical request; null in version 2, which has none
    static CommonError error(
            Authorization authorization, @Nullable String canonical, String toSign, boolean s3) {
        if (s3) {
            return new CommonError(
                    "SignatureDoesNotMatch",
                    403,
                    TEXT + "key and signing method.",
                    new Details(details(authorization, canonical, toSign)));
        }
        return new CommonError(
                "SignatureDoesNotMatch",
                403,
                TEXT
                        + "AWS Secret Access Key and signing method. Consult the service"
                        + " documentation for details.\n\nThe Canonical String for this request"
                        + " should have been\n'"
                        + canonical
                        + "'\n\nThe String-to-Sign should have been\n'"
                        + toSign
                        + "'\n");
    }

    /// What AWS answers to a chunk that is not what its signature says.
    static CommonError ofChunk() {
        return new CommonError("SignatureDoesNotMatch", 403, TEXT + "key and signing method.");
    }

    private static Map<String, String> details(
            Authorization authorization, @Nullable String canonical, String toSign) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("AWSAccessKeyId", authorization.accessKey());
        details.put("StringToSign", toSign);
        details.put("SignatureProvided", authorization.signature());
        details.put("StringToSignBytes", bytes(toSign));
        if (canonical != null) {
            details.put("CanonicalRequest", canonical);
            details.put("CanonicalRequestBytes", bytes(canonical));
        }
        return details;
    }

    private static String bytes(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
