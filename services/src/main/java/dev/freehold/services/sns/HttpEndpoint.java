package dev.freehold.services.sns;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/// Posts to users' HTTP endpoints, in bounded time and whatever they answer.
///
/// See <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>.
final class HttpEndpoint {
    /// AWS waits 15 seconds for an answer.
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /// What is read of an answer's body, so that its connection may be used again.
    private static final int MAX_READ = 64 * 1024;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    /// What came of a request.
    ///
    /// @param status the HTTP status, or 0 when there was no answer
    record Answer(int status, String what) {
        boolean good() {
            return status >= 200 && status < 300;
        }

        /// Whether it may go better another time.
        boolean mayPass() {
            return status < 200 || status == 429 || status >= 500;
        }
    }

    Answer post(String url, Map<String, String> headers, String body) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(TIMEOUT)
                            .header("User-Agent", "Amazon Simple Notification Service Agent")
                            .header("Accept-Encoding", "gzip,deflate")
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::header);
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                in.readNBytes(MAX_READ);
            }
            return new Answer(response.statusCode(), "HTTP status " + response.statusCode());
        } catch (IOException e) {
            return new Answer(0, e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new Answer(400, "not a URL: " + url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "interrupted");
        }
    }
}
