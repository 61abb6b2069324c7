package dev.freehold.benchmarks;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.signing.Signer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Calls of one AWS service over a connection of its own, signed with a key that the server knows,
/// so that it verifies each. For one thread.
final class Aws implements Closeable {
    static final String REGION = "us-east-1";

    /// How long a signature serves for calls that are the same. A client that signs each has a
    /// machine of its own to do it; the server verifies each.
    private static final Duration SIGNED_FOR = Duration.ofSeconds(1);

    private final Connection connection;
    private final Signer signer;
    private final String host;
    private @Nullable Call last;
    private Headers signed = Headers.EMPTY;
    private long signedAt;

    private record Call(String method, String path, Headers headers, String body) {}

    Aws(Server server, String service) throws IOException {
        host = "127.0.0.1:" + server.port();
        connection = new Connection(server.port(), host);
        signer = new Signer(server.key(), REGION, service, InstantSource.system());
    }

    /// A call of awsJson.
    Connection.Answer json(String target, String body) throws IOException {
        Headers headers =
                Headers.builder()
                        .set("content-type", "application/x-amz-json-1.0")
                        .set("x-amz-target", target)
                        .build();
        return send("POST", "/", headers, body);
    }

    /// A call of a REST protocol.
    Connection.Answer rest(String method, String path, String body) throws IOException {
        return send(method, path, Headers.EMPTY, body);
    }

    /// A call of a REST protocol with a header more.
    Connection.Answer rest(String method, String path, String header, String value, String body)
            throws IOException {
        return send(method, path, Headers.builder().set(header, value).build(), body);
    }

    /// How long the last answer's body took to begin, in nanoseconds.
    long latency() {
        return connection.latency();
    }

    /// A call of awsQuery.
    Connection.Answer query(String body) throws IOException {
        Headers headers =
                Headers.builder().set("content-type", "application/x-www-form-urlencoded").build();
        return send("POST", "/", headers, body);
    }

    private Connection.Answer send(String method, String path, Headers headers, String body)
            throws IOException {
        Call call = new Call(method, path, headers, body);
        if (!call.equals(last) || System.nanoTime() - signedAt > SIGNED_FOR.toNanos()) {
            last = call;
            signed = signed(call);
            signedAt = System.nanoTime();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Connection.Answer answer = connection.send(method, path, signed, bytes);
        if (answer.status() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.status() + answer.text());
        }
        return answer;
    }

    private Headers signed(Call call) {
        byte[] bytes = call.body.getBytes(StandardCharsets.UTF_8);
        int mark = call.path.indexOf('?');
        Request request =
                new Request(
                        call.method,
                        mark < 0 ? call.path : call.path.substring(0, mark),
                        mark < 0 ? "" : call.path.substring(mark + 1),
                        call.headers,
                        ByteStream.of(Blob.wrap(bytes)),
                        host,
                        "127.0.0.1",
                        false,
                        "");
        Headers.Builder all = call.headers.toBuilder();
        signer.sign(request, bytes).forEach(all::set);
        return all.build();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
