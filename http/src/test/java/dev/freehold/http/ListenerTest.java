package dev.freehold.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenerTest {
    private static final int IDLE_MILLIS = 400;

    @TempDir Path folder;
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        listener =
                new Listener(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        folder.resolve("endpoint"),
                        ListenerTest::answer,
                        () -> "request-1",
                        IDLE_MILLIS);
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static Response answer(Request request) {
        return switch (request.rawPath()) {
            case "/echo" -> {
                try {
                    byte[] body = Bodies.read(request, 1024);
                    yield text(200, new String(body, StandardCharsets.UTF_8));
                } catch (CommonError e) {
                    yield text(e.shape().status(), e.shape().code());
                }
            }
            case "/slow" -> {
                silence();
                yield text(200, "at last");
            }
            case "/parts" -> new Response(200, Headers.EMPTY, parts(false));
            case "/broken" -> new Response(200, Headers.EMPTY, parts(true));
            default -> text(403, "refused");
        };
    }

    /// A body of two parts, the second of which comes late, or not at all.
    private static ByteStream parts(boolean broken) {
        return new ByteStream() {
            @Override
            public long length() {
                return -1;
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }

            @Override
            public void transferTo(OutputStream out) throws IOException {
                out.write("one".getBytes(StandardCharsets.UTF_8));
                if (broken) {
                    throw new IOException("broken off");
                }
                silence();
                out.write("two".getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private static String lines(InputStream in, int count) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int left = count; left > 0; ) {
            int next = in.read();
            if (next < 0) {
                return read.toString(StandardCharsets.UTF_8) + "<end>";
            }
            read.write(next);
            left -= next == '\n' ? 1 : 0;
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(lines(in, 1));
        }
        return head.toString();
    }

    @Test
    void partsOfUnknownLengthAreWholeChunksAtOnce() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(IDLE_MILLIS * 10);
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream()
                        .write("GET /parts HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                assertThat(head(in)).contains("Transfer-Encoding: chunked");
                long begun = System.nanoTime();
                assertThat(lines(in, 2)).isEqualTo("3\r\none\r\n");
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .isLessThan(Duration.ofMillis(IDLE_MILLIS * 2));
                assertThat(lines(in, 4)).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    void whatBreaksOffDoesNotLookWhole() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(IDLE_MILLIS * 10);
            InputStream in = socket.getInputStream();
            socket.getOutputStream()
                    .write("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            head(in);

            assertThat(lines(in, 4)).isEqualTo("3\r\none\r\n<end>");
        }
    }

    /// Works for longer than a connection may be silent.
    private static void silence() {
        try {
            boolean released = new CountDownLatch(1).await(3 * IDLE_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(released).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Response text(int status, String body) {
        return new Response(status, Headers.EMPTY, ByteStream.of(Blob.ofUtf8(body)));
    }

    private RawClient client() throws IOException {
        return new RawClient(listener.port());
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
    }

    @Test
    void aConnectionGoesOnAfterARefusalWhoseBodyNobodyRead() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/refuse", "Content-Length: 5\r\n", "hello"));
            RawClient.Answer refused = client.answer();
            client.send(post("/echo", "Content-Length: 5\r\n", "again"));
            RawClient.Answer echoed = client.answer();

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("connection")).isNull();
            assertThat(echoed.body()).isEqualTo("again");
        }
    }

    @Test
    void aConnectionWhoseLargeBodyNobodyReadsEndsAndSaysSo() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/refuse", "Content-Length: 100000000\r\n", "the beginning"));
            RawClient.Answer refused = client.answer();

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("refused");
            assertThat(refused.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aRefusalDoesNotAskForTheBodyThatAClientOffers() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/refuse", "Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
            RawClient.Answer refused = client.answer();

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aBodyThatIsWantedIsAskedFor() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
            int goOn = client.answer().status();
            client.send("hello");

            assertThat(goOn).isEqualTo(100);
            assertThat(client.answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void whoWorksOnARequestMayBeSilentForLongerThanAConnection() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/slow", "Content-Length: 2\r\n", "{}"));

            assertThat(client.answer().body()).isEqualTo("at last");
        }
    }

    @Test
    void aClientThatDoesNotSendItsBodyIsAnswered() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/echo", "Content-Length: 5\r\n", "he"));
            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("RequestTimeout");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aBodyInMemoryHasABound() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/echo", "Content-Length: 1025\r\n", "x".repeat(1025)));
            assertThat(client.answer().status()).isEqualTo(413);
        }
        try (RawClient client = client()) {
            String chunk = "401\r\n" + "x".repeat(1025) + "\r\n0\r\n\r\n";
            client.send(post("/echo", "Transfer-Encoding: chunked\r\n", chunk));
            assertThat(client.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void headersHaveABound() throws IOException {
        try (RawClient client = client()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nx: " + "y".repeat(70_000) + "\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(431);
        }
    }

    @Test
    void http2IsSpokenToWhoBeginsWithIt() throws IOException {
        try (RawClient client = client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").send("\0\0\0\4\0\0\0\0\0");
            byte[] frame = client.bytes(9);

            assertThat(frame[3]).as("the type of the first frame: SETTINGS").isEqualTo((byte) 4);
        }
    }

    @Test
    void theDateIsRight() throws IOException {
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String date = String.valueOf(client.answer().header("date"));

            Instant said =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            assertThat(Duration.between(said, Instant.now()).abs())
                    .isLessThan(Duration.ofSeconds(5));
        }
    }
}
