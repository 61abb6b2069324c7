package dev.freehold.protocol.signing;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Details;
import dev.freehold.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Verifies signatures, and wraps bodies so that what they promise is checked while they are read.
public final class SignatureVerifier {
    /// How far a signer's clock may be off.
    private static final Duration SKEW = Duration.ofMinutes(15);

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// The parameters of a query that Signature Version 2 signs.
    private static final Set<String> V2_PARAMETERS =
            Set.of(
                    "acl",
                    "cors",
                    "delete",
                    "lifecycle",
                    "location",
                    "logging",
                    "notification",
                    "partNumber",
                    "policy",
                    "requestPayment",
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding",
                    "response-content-language",
                    "response-content-type",
                    "response-expires",
                    "tagging",
                    "torrent",
                    "uploadId",
                    "uploads",
                    "versionId",
                    "versioning",
                    "versions",
                    "website");

    /// The bodies in chunks.
    private static final Set<String> STREAMING =
            Set.of(
                    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    private final InstantSource clock;
    private final SigningKeys keys = new SigningKeys();

    /// The time of the last request that had one in the usual form: many follow in its second.
    private volatile Read lastTime = new Read("", Instant.EPOCH);

    private record Read(String text, Instant time) {}

    public SignatureVerifier(InstantSource clock) {
        this.clock = clock;
    }

    /// Verifies a request's signature.
    ///
    /// @param secret the secret of the access key; null when it isn't known and its signature can
    ///   not be verified, which is only for development
    /// @return the request with the body that it means: decoded, and checked as it is read
    /// @throws CommonError AWS's error when the signature, its time or its place is wrong
    public Request verify(Request request, Authorization authorization, @Nullable String secret) {
        boolean s3 = authorization.service().equals("s3");
        return switch (authorization.kind()) {
            case V2_QUERY, V2_HEADER -> {
                version2(request, authorization, secret);
                yield request;
            }
            case V4_QUERY -> {
                expiry(authorization);
                String hash = request.headers().first("x-amz-content-sha256");
                String payload =
                        s3 ? (hash == null ? "UNSIGNED-PAYLOAD" : hash) : Hmac.EMPTY_SHA256;
                check(request, authorization, payload, secret, s3);
                yield decoded(request, authorization, payload, secret);
            }
            case V4_FORM, V2_FORM -> {
                form(authorization, secret);
                yield request;
            }
            case V4_HEADER -> header(request, authorization, secret, s3);
        };
    }

    /// A form signs its policy, and nothing else.
    private void form(Authorization authorization, @Nullable String secret) {
        String policy = authorization.policy();
        if (secret == null || policy == null) {
            return;
        }
        boolean old = authorization.kind() == Authorization.Kind.V2_FORM;
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        String expected =
                old
                        ? Base64.getEncoder().encodeToString(Hmac.sha1(key, policy))
                        : HexFormat.of().formatHex(Hmac.sha256(key(authorization, secret), policy));
        if (!Hmac.same(expected, authorization.signature())) {
            throw Mismatch.error(authorization, null, policy, true);
        }
    }

    private Request header(
            Request request, Authorization authorization, @Nullable String secret, boolean s3) {
        skew(authorization, s3);
        String hash = request.headers().first("x-amz-content-sha256");
        if (hash != null) {
            check(request, authorization, hash, secret, s3);
            return decoded(request, authorization, hash, secret);
        }
        if (s3) {
            throw new CommonError(
                    "InvalidRequest",
                    400,
                    "Missing required header for this request: x-amz-content-sha256");
        }
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        check(request, authorization, Hmac.hexSha256(body), secret, false);
        return request.withBody(ByteStream.of(Blob.wrap(body)));
    }

    private void check(
            Request request,
            Authorization authorization,
            String payloadHash,
            @Nullable String secret,
            boolean s3) {
        if (secret == null) {
            return;
        }
        String canonical = Canonical.request(request, authorization, payloadHash);
        String scope = scope(authorization);
        String toSign =
                "AWS4-HMAC-SHA256\n"
                        + authorization.time()
                        + "\n"
                        + scope
                        + "\n"
                        + Hmac.hexSha256(canonical.getBytes(StandardCharsets.UTF_8));
        String expected = HexFormat.of().formatHex(Hmac.sha256(key(authorization, secret), toSign));
        boolean hostSigned = authorization.signedHeaders().contains("host");
        if (!hostSigned || !Hmac.same(expected, authorization.signature())) {
            throw Mismatch.error(authorization, canonical, toSign, s3);
        }
    }

    private byte[] key(Authorization a, String secret) {
        return keys.key(a, secret);
    }

    private static String scope(Authorization a) {
        return a.date() + "/" + a.region() + "/" + a.service() + "/aws4_request";
    }

    private void skew(Authorization authorization, boolean s3) {
        Instant time = time(authorization.time());
        Instant now = clock.instant();
        if (time == null || !day(authorization.time(), time).equals(authorization.date())) {
            throw new CommonError(
                    s3 ? "AccessDenied" : "IncompleteSignature",
                    s3 ? 403 : 400,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
                            + " from HTTP");
        }
        if (Duration.between(time, now).abs().compareTo(SKEW) <= 0) {
            return;
        }
        if (s3) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("RequestTime", authorization.time());
            details.put("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
            details.put("MaxAllowedSkewMilliseconds", String.valueOf(SKEW.toMillis()));
            throw new CommonError(
                    "RequestTimeTooSkewed",
                    403,
                    "The difference between the request time and the current time is too large.",
                    new Details(details));
        }
        boolean late = time.isBefore(now);
        String limit = BASIC.format(late ? now.minus(SKEW) : now.plus(SKEW));
        throw new CommonError(
                "SignatureDoesNotMatch",
                403,
                "Signature "
                        + (late ? "expired: " : "not yet current: ")
                        + authorization.time()
                        + (late ? " is now earlier than " : " is still later than ")
                        + limit
                        + " ("
                        + BASIC.format(now)
                        + (late ? " - 15 min.)" : " + 15 min.)"));
    }

    /// The day of a time, as scopes have it.
    private static String day(String text, Instant time) {
        boolean basic = text.length() == 16 && text.charAt(8) == 'T';
        return (basic ? text : BASIC.format(time)).substring(0, 8);
    }

    private @Nullable Instant time(String text) {
        Read last = lastTime;
        if (last.text.equals(text)) {
            return last.time;
        }
        try {
            Instant time = ZonedDateTime.parse(text, BASIC).toInstant();
            lastTime = new Read(text, time);
            return time;
        } catch (DateTimeException e) {
            try {
                return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            } catch (DateTimeException other) {
                return null;
            }
        }
    }

    private void expiry(Authorization authorization) {
        Instant time = time(authorization.time());
        Instant now = clock.instant();
        if (time == null) {
            throw new CommonError(
                    "AuthorizationQueryParametersError",
                    400,
                    "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        if (time.minus(SKEW).isAfter(now)) {
            throw new CommonError("AccessDenied", 403, "Request is not valid yet");
        }
        Instant end = time.plusSeconds(authorization.expires());
        if (end.isBefore(now)) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("X-Amz-Expires", String.valueOf(authorization.expires()));
            throw expired(details, end, now);
        }
    }

    private static CommonError expired(Map<String, String> details, Instant end, Instant now) {
        details.put("Expires", end.truncatedTo(ChronoUnit.SECONDS).toString());
        details.put("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new CommonError("AccessDenied", 403, "Request has expired", new Details(details));
    }

    /// The body that the payload hash announces.
    private Request decoded(
            Request request, Authorization authorization, String hash, @Nullable String secret) {
        if (STREAMING.contains(hash)) {
            ChunkSigner signer =
                    secret == null || !hash.startsWith("STREAMING-AWS4-HMAC-SHA256")
                            ? null
                            : new ChunkSigner(
                                    key(authorization, secret),
                                    authorization.time(),
                                    scope(authorization),
                                    authorization.signature());
            return request.withBody(new ChunkedBody(request, signer));
        }
        boolean open = hash.equals("UNSIGNED-PAYLOAD");
        if (!open && !SHA_256.matcher(hash).matches()) {
            throw new CommonError(
                    "InvalidArgument",
                    400,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD,"
                            + " STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256"
                            + " value.");
        }
        return open ? request : request.withBody(new HashedBody(request.body(), hash));
    }

    private void version2(Request request, Authorization authorization, @Nullable String secret) {
        if (authorization.kind() == Authorization.Kind.V2_QUERY) {
            long expires;
            try {
                expires = Long.parseLong(authorization.time());
            } catch (NumberFormatException e) {
                throw new CommonError(
                        "AccessDenied",
                        403,
                        "Invalid date (should be seconds since epoch): " + authorization.time());
            }
            Instant now = clock.instant();
            if (now.getEpochSecond() > expires) {
                throw expired(new LinkedHashMap<>(), Instant.ofEpochSecond(expires), now);
            }
        }
        if (secret == null) {
            return;
        }
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        String toSign = toSign2(request, authorization);
        String expected = Base64.getEncoder().encodeToString(Hmac.sha1(key, toSign));
        if (!Hmac.same(expected, authorization.signature())) {
            throw Mismatch.error(authorization, null, toSign, true);
        }
    }

    private static String toSign2(Request request, Authorization authorization) {
        StringBuilder out = new StringBuilder(request.method());
        for (String name : List.of("content-md5", "content-type")) {
            String value = request.headers().first(name);
            out.append('\n').append(value == null ? "" : value);
        }
        boolean amzDate = request.headers().contains("x-amz-date");
        boolean query = authorization.kind() == Authorization.Kind.V2_QUERY;
        out.append('\n').append(query || !amzDate ? authorization.time() : "").append('\n');
        for (String name : request.headers().names()) {
            if (name.startsWith("x-amz-")) {
                out.append(name).append(':');
                out.append(String.join(",", request.headers().all(name))).append('\n');
            }
        }
        out.append(request.rawPath());
        Set<String> signed = new TreeSet<>();
        for (String pair : request.rawQuery().split("&", -1)) {
            String name = pair.contains("=") ? pair.substring(0, pair.indexOf('=')) : pair;
            if (V2_PARAMETERS.contains(name)) {
                signed.add(pair.endsWith("=") ? name : pair);
            }
        }
        List<String> parts = new ArrayList<>(signed);
        return parts.isEmpty() ? out.toString() : out + "?" + String.join("&", parts);
    }
}
