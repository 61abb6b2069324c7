package dev.freehold.services.lambda.code;

import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.PackageRow;
import dev.freehold.storage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The places where GetFunction says that a package can be fetched: links that are good for ten
/// minutes, without credentials, as on AWS.
public final class CodeLinks {
    /// Where the links lead on this server.
    public static final String PATH = "/_freehold/lambda/code";

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Store store;
    private final Packages packages;
    private final InstantSource clock;
    private final Secret secret;
    private final String base;

    /// @param base of this server, without a slash at the end
    public CodeLinks(
            Store store, Packages packages, InstantSource clock, Secret secret, String base) {
        this.store = store;
        this.packages = packages;
        this.clock = clock;
        this.secret = secret;
        this.base = base;
    }

    /// A link to a package, or to a folder.
    ///
    /// @param sha its SHA-256, in base 64
    public String of(String sha, Instant now) {
        LiveFolder folder = LiveFolder.of(sha);
        if (folder != null) {
            return folder.path().toUri().toString();
        }
        String code = sha.replace('+', '-').replace('/', '_').replace("=", "");
        long expires = now.plus(LIFETIME).getEpochSecond();
        return base
                + PATH
                + "?sha256="
                + code
                + "&expires="
                + expires
                + "&signature="
                + signature(code, String.valueOf(expires));
    }

    private String signature(String code, String expires) {
        return secret.of("link:" + code + ":" + expires);
    }

    /// The package that a link names.
    public Response answer(Request request) {
        String code = "";
        String expires = "";
        String signature = "";
        for (QueryParameter parameter : request.query()) {
            switch (parameter.name()) {
                case "sha256" -> code = parameter.value();
                case "expires" -> expires = parameter.value();
                case "signature" -> signature = parameter.value();
                default -> {}
            }
        }
        boolean genuine =
                MessageDigest.isEqual(
                        signature.getBytes(StandardCharsets.UTF_8),
                        signature(code, expires).getBytes(StandardCharsets.UTF_8));
        if (!genuine || clock.instant().getEpochSecond() > Long.parseLong(expires)) {
            return Response.empty(403, Headers.EMPTY);
        }
        PackageRow row = find(code.replace('-', '+').replace('_', '/') + "=");
        return row == null ? Response.empty(404, Headers.EMPTY) : zip(row);
    }

    private @Nullable PackageRow find(String sha) {
        return store.read(tx -> tx.get(LambdaTables.PACKAGES, sha));
    }

    private Response zip(PackageRow row) {
        try {
            Headers headers = Headers.builder().set("content-type", "application/zip").build();
            return new Response(200, headers, ByteStream.of(packages.open(row), row.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
