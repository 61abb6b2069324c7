package dev.freehold.protocol.signing;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request says of who signed it. Nothing of it is verified yet.
///
/// @param kind how it is signed
/// @param accessKey the access key's id
/// @param date the day of the credential scope, `20260131`; empty in version 2
/// @param region the region of the scope; empty in version 2
/// @param service the service of the scope; `s3` in version 2
/// @param signedHeaders the signed headers' names, lower case
/// @param signature as sent
/// @param time when it was signed, `20260131T235959Z`; in version 2 the time of expiry in seconds
/// @param expires seconds from `time` to the expiry of a presigned URL, or -1
/// @param token the session token, or null
/// @param policy the policy of a posted form, base64, which is all that its signature signs; else
///   null
public record Authorization(
        Kind kind,
        String accessKey,
        String date,
        String region,
        String service,
        List<String> signedHeaders,
        String signature,
        String time,
        long expires,
        @Nullable String token,
        @Nullable String policy) {
    /// How a request can be signed.
    public enum Kind {
        V4_HEADER,
        V4_QUERY,
        V4_FORM,
        V2_QUERY,
        V2_HEADER,
        V2_FORM
    }

    private static final String V4 = "AWS4-HMAC-SHA256";

    private static final String V4A = "AWS4-ECDSA-P256-SHA256";

    /// What a request says, or null when it says nothing.
    ///
    /// @throws IllegalArgumentException when it says something that can't be understood; the
    ///   message is AWS's
    public static @Nullable Authorization parse(Request request) {
        String header = request.headers().first("authorization");
        if (header != null) {
            return header.startsWith("AWS ")
                    ? version2(header, request)
                    : version4(header, request);
        }
        if (!request.rawQuery().contains("Signature")) {
            return null;
        }
        List<QueryParameter> query = request.query();
        if (QueryParameter.first(query, "X-Amz-Algorithm") != null) {
            return presigned4(query);
        }
        return QueryParameter.first(query, "AWSAccessKeyId") != null ? presigned2(query) : null;
    }

    private static Authorization version4(String header, Request request) {
        if (header.startsWith(V4A)) {
            throw new CommonError(
                    "NotImplemented",
                    501,
                    "Signature Version 4A ("
                            + V4A
                            + ") is not implemented by Freehold: sign with "
                            + V4
                            + ".");
        }
        if (!header.startsWith(V4)) {
            throw new IllegalArgumentException(
                    "Unsupported Authorization Type: only " + V4 + " is supported");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : header.substring(V4.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        for (String name : List.of("Credential", "Signature", "SignedHeaders")) {
            if (!parts.containsKey(name)) {
                throw new IllegalArgumentException(
                        "Authorization header requires '"
                                + name
                                + "' parameter. Authorization="
                                + V4);
            }
        }
        String[] scope = scope(parts.getOrDefault("Credential", ""));
        String time = request.headers().first("x-amz-date");
        String date = time == null ? request.headers().first("date") : time;
        if (date == null) {
            throw new IllegalArgumentException(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                            + " header.");
        }
        return new Authorization(
                Kind.V4_HEADER,
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                List.of(parts.getOrDefault("SignedHeaders", "").split(";")),
                parts.getOrDefault("Signature", ""),
                date,
                -1,
                request.headers().first("x-amz-security-token"),
                null);
    }

    private static String[] scope(String credential) {
        String[] all = credential.split("/", -1);
        if (all.length < 5 || !all[all.length - 1].equals("aws4_request")) {
            throw new IllegalArgumentException(
                    "Credential must have exactly 5 slash-delimited elements, e.g."
                            + " keyid/date/region/service/term, got '"
                            + credential
                            + "'");
        }
        int extra = all.length - 5;
        String key = String.join("/", Arrays.copyOf(all, extra + 1));
        return new String[] {key, all[extra + 1], all[extra + 2], all[extra + 3]};
    }

    private static Authorization presigned4(List<QueryParameter> query) {
        if (!V4.equals(QueryParameter.first(query, "X-Amz-Algorithm"))) {
            throw new IllegalArgumentException("X-Amz-Algorithm only supports \"" + V4 + "\"");
        }
        String[] scope = scope(required(query, "X-Amz-Credential"));
        long expires;
        try {
            expires = Long.parseLong(required(query, "X-Amz-Expires"));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("X-Amz-Expires should be a number");
        }
        if (expires < 0) {
            throw new IllegalArgumentException("X-Amz-Expires must be non-negative");
        }
        if (expires > 604_800) {
            throw new IllegalArgumentException(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given"
                            + " X-Amz-Expires must be less than 604800 seconds");
        }
        return new Authorization(
                Kind.V4_QUERY,
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                List.of(required(query, "X-Amz-SignedHeaders").split(";")),
                required(query, "X-Amz-Signature"),
                required(query, "X-Amz-Date"),
                expires,
                QueryParameter.first(query, "X-Amz-Security-Token"),
                null);
    }

    private static String required(List<QueryParameter> query, String name) {
        String value = QueryParameter.first(query, name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm,"
                            + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders,"
                            + " and X-Amz-Expires parameters.");
        }
        return value;
    }

    private static Authorization presigned2(List<QueryParameter> query) {
        String signature = QueryParameter.first(query, "Signature");
        String expires = QueryParameter.first(query, "Expires");
        if (signature == null || expires == null) {
            throw new IllegalArgumentException(
                    "Query-string authentication requires the Signature, Expires and AWSAccessKeyId"
                            + " parameters");
        }
        return new Authorization(
                Kind.V2_QUERY,
                String.valueOf(QueryParameter.first(query, "AWSAccessKeyId")),
                "",
                "",
                "s3",
                List.of(),
                signature,
                expires,
                -1,
                QueryParameter.first(query, "x-amz-security-token"),
                null);
    }

    private static Authorization version2(String header, Request request) {
        String credential = header.substring("AWS ".length()).strip();
        int colon = credential.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("AWS authorization header is invalid.");
        }
        String date = request.headers().first("x-amz-date");
        String time = date == null ? request.headers().first("date") : date;
        return new Authorization(
                Kind.V2_HEADER,
                credential.substring(0, colon),
                "",
                "",
                "s3",
                List.of(),
                credential.substring(colon + 1),
                time == null ? "" : time,
                -1,
                request.headers().first("x-amz-security-token"),
                null);
    }

    /// What a posted form says that is signed in version 4.
    ///
    /// @param credential the key with its scope
    /// @param time when it was signed
    /// @throws IllegalArgumentException when the credential can't be understood
    public static Authorization form4(
            String credential,
            String time,
            String signature,
            @Nullable String token,
            String policy) {
        String[] scope = scope(credential);
        return new Authorization(
                Kind.V4_FORM,
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                List.of(),
                signature,
                time,
                -1,
                token,
                policy);
    }

    /// What a posted form says that is signed in version 2.
    public static Authorization form2(
            String accessKey, String signature, @Nullable String token, String policy) {
        return new Authorization(
                Kind.V2_FORM, accessKey, "", "", "s3", List.of(), signature, "", -1, token, policy);
    }
}
