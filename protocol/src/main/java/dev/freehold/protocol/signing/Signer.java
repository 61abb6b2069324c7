package dev.freehold.protocol.signing;

import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Signs requests by Signature Version 4 in a header, as clients do: the command line's own
/// requests, and load programs'. Safe for use by several threads.
///
/// See [AWS's page](https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html).
public final class Signer {
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Key key;
    private final String region;
    private final String service;
    private final InstantSource clock;
    private volatile @Nullable Day day;

    /// An access key.
    ///
    /// @param token the session token of temporary credentials, or null
    public record Key(String id, String secret, @Nullable String token) {}

    /// The signing key of one day: four hashes that need not be made for each request.
    private record Day(String date, byte[] signingKey) {}

    public Signer(Key key, String region, String service, InstantSource clock) {
        this.key = key;
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /// The headers that make a request a signed one: `authorization`, `x-amz-date`,
    /// `x-amz-content-sha256` and, with temporary credentials, `x-amz-security-token`.
    ///
    /// @param request what is sent; its body is not read
    /// @param body the body
    public Headers sign(Request request, byte[] body) {
        Instant now = clock.instant();
        String time = BASIC.format(now);
        String date = time.substring(0, 8);
        String hash = Hmac.hexSha256(body);
        Headers.Builder added = Headers.builder();
        added.set("x-amz-date", time);
        added.set("x-amz-content-sha256", hash);
        List<String> signed = List.of("host", "x-amz-content-sha256", "x-amz-date");
        if (key.token() != null) {
            added.set("x-amz-security-token", key.token());
            signed = List.of("host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token");
        }
        Authorization authorization =
                new Authorization(
                        Authorization.Kind.V4_HEADER,
                        key.id(),
                        date,
                        region,
                        service,
                        signed,
                        "",
                        time,
                        -1,
                        key.token(),
                        null);
        Request dated =
                new Request(
                        request.method(),
                        request.rawPath(),
                        request.rawQuery(),
                        added.build(),
                        request.body(),
                        request.host(),
                        request.sourceIp(),
                        request.secure(),
                        request.requestId());
        String canonical = Canonical.request(dated, authorization, hash);
        String scope = date + "/" + region + "/" + service + "/aws4_request";
        String toSign =
                String.join(
                        "\n",
                        "AWS4-HMAC-SHA256",
                        time,
                        scope,
                        Hmac.hexSha256(canonical.getBytes(StandardCharsets.UTF_8)));
        String signature = HexFormat.of().formatHex(Hmac.sha256(signingKey(date), toSign));
        return added.set(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential="
                                + key.id()
                                + "/"
                                + scope
                                + ", SignedHeaders="
                                + String.join(";", signed)
                                + ", Signature="
                                + signature)
                .build();
    }

    private byte[] signingKey(String date) {
        Day known = day;
        if (known == null || !known.date.equals(date)) {
            known = new Day(date, Hmac.signingKey(key.secret(), date, region, service));
            day = known;
        }
        return known.signingKey;
    }
}
