package dev.freehold.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/// Functions of a server, created and called by signed requests over one connection.
final class Deployment implements Closeable {
    /// The server has it: see [Server].
    private static final String ROLE = "arn:aws:iam::000000000000:role/bench";

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final int EXECUTABLE = 0100755;
    private static final int MAX_LOOKS = 6000;

    private final Aws lambda;

    Deployment(Server server) throws IOException {
        lambda = new Aws(server, "lambda");
    }

    /// What a function is.
    ///
    /// @param timeout in seconds
    /// @param zip its package, in base 64
    record Function(String runtime, String handler, int memory, int timeout, String zip) {
        /// @param files its package, by name
        Function(String runtime, String handler, int memory, Map<String, byte[]> files) {
            this(
                    runtime,
                    handler,
                    memory,
                    60,
                    Base64.getEncoder().encodeToString(Deployment.zip(files)));
        }

        static Function of(String runtime, String file, String code) {
            return new Function(
                    runtime,
                    "index.handler",
                    128,
                    Map.of(file, code.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /// Creates a function, and waits until it is active.
    void create(String name, Function function) throws IOException, InterruptedException {
        create(lambda, name, function);
    }

    /// The same by a client that is there already.
    static void create(Aws lambda, String name, Function function)
            throws IOException, InterruptedException {
        lambda.rest(
                "POST",
                FUNCTIONS,
                """
                {"FunctionName":"%s","Runtime":"%s","Handler":"%s","MemorySize":%d,"Timeout":%d,\
                "Role":"%s","Code":{"ZipFile":"%s"}}\
                """
                        .formatted(
                                name,
                                function.runtime,
                                function.handler,
                                function.memory,
                                function.timeout,
                                ROLE,
                                function.zip));
        await(lambda, name, "\"State\":\"Active\"");
    }

    /// Waits until a function's configuration says something.
    static void await(Aws lambda, String name, String what)
            throws IOException, InterruptedException {
        for (int i = 0; i < MAX_LOOKS; i++) {
            String path = FUNCTIONS + "/" + name + "/configuration";
            if (lambda.rest("GET", path, "").text().contains(what)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IOException(name + " does not have " + what);
    }

    private static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setUnixMode(EXECUTABLE);
                zip.putArchiveEntry(entry);
                zip.write(file.getValue());
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Calls a function; one that fails is an error.
    ///
    /// @return the request's id
    String invoke(String name, String event) throws IOException {
        Connection.Answer answer =
                lambda.rest("POST", FUNCTIONS + "/" + name + "/invocations", event);
        if (answer.headers().first("x-amz-function-error") != null) {
            throw new IOException(name + ": " + answer.text());
        }
        return String.valueOf(answer.headers().first("x-amzn-requestid"));
    }

    void delete(String name) throws IOException {
        lambda.rest("DELETE", FUNCTIONS + "/" + name, "");
    }

    @Override
    public void close() throws IOException {
        lambda.close();
    }
}
