package dev.freehold.server.cli;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.signing.Signer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine.Option;

/// How a command reaches a server: its endpoint, and the access key that the AWS clients' variables
/// name. Without one it is the root of the default account, which a server in `dev` mode takes.
final class ApiOptions {
    /// Longer than any invocation.
    private static final Duration TIMEOUT = Duration.ofMinutes(16);

    @Option(
            names = "--endpoint",
            description = "The server (default: AWS_ENDPOINT_URL, or http://127.0.0.1:4566).")
    URI endpoint = URI.create(variable("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"));

    @Option(names = "--region", description = "The region (default: AWS_REGION, or us-east-1).")
    String region = variable("AWS_REGION", variable("AWS_DEFAULT_REGION", "us-east-1"));

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private static String variable(String name, String fallback) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? fallback : value;
    }

    /// A page of the server's own, which needs no signature.
    ///
    /// @throws IOException when there is no answer; the message says what to do
    HttpResponse<byte[]> page(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(endpoint.resolve(path)).timeout(TIMEOUT).build());
    }

    private HttpResponse<byte[]> send(HttpRequest request)
            throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (java.net.ConnectException e) {
            throw new IOException(
                    "No server answers on "
                            + endpoint
                            + ". Start one with './freehold up', or name another with --endpoint.",
                    e);
        }
    }

    /// One call by `POST`. Errors of the service are answers too.
    ///
    /// @param path the path, with `?` and the query when there is one
    /// @throws IOException when there is no answer; the message says what to do
    HttpResponse<byte[]> call(String service, String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        return call("POST", service, path, headers, body);
    }

    /// One call by any method.
    HttpResponse<byte[]> call(
            String method, String service, String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        int question = path.indexOf('?');
        Headers.Builder given = Headers.builder();
        headers.forEach(given::set);
        String token = System.getenv("AWS_SESSION_TOKEN");
        Signer.Key key =
                new Signer.Key(
                        variable("AWS_ACCESS_KEY_ID", "000000000000"),
                        variable("AWS_SECRET_ACCESS_KEY", "unknown"),
                        token);
        Request unsigned =
                new Request(
                        method,
                        question < 0 ? path : path.substring(0, question),
                        question < 0 ? "" : path.substring(question + 1),
                        given.build(),
                        ByteStream.of(Blob.wrap(body)),
                        endpoint.getAuthority(),
                        "",
                        false,
                        "");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.resolve(path))
                        .timeout(TIMEOUT)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        new Signer(key, region, service, InstantSource.system())
                .sign(unsigned, body)
                .forEach(request::header);
        return send(request.build());
    }
}
