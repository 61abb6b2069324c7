package dev.freehold.http;

import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// Listens for HTTP/1.1 and HTTP/2 (with prior knowledge) on one port, and on a unix socket for
/// functions, whose sandboxes have no other way here; runs each request on a virtual thread. A body
/// is read only when somebody wants it, which is also when a client that expects `100-continue`
/// gets it.
public final class Listener implements AutoCloseable {
    /// The most bytes of a request's line and headers.
    private static final int MAX_HEADERS = 64 * 1024;

    /// How long a connection may be silent, in milliseconds.
    private static final int IDLE_TIMEOUT = 60_000;

    /// How long requests under way may take to end when the server stops, in milliseconds.
    private static final int STOP_TIMEOUT = 5_000;

    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    private final Server server;
    private final ServerConnector connector;

    /// Starts to listen.
    ///
    /// @param address where; port 0 is any free one
    /// @param socket the unix socket; one that a predecessor left there is replaced
    /// @param requestIds makes the ids of requests
    /// @throws IOException when an address can't be had
    public Listener(
            InetSocketAddress address, Path socket, Exchange exchange, Supplier<String> requestIds)
            throws IOException {
        this(address, socket, exchange, requestIds, IDLE_TIMEOUT);
    }

    /// @param idleTimeout how long a connection may be silent, in milliseconds
    Listener(
            InetSocketAddress address,
            Path socket,
            Exchange exchange,
            Supplier<String> requestIds,
            int idleTimeout)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(24, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setResponseHeaderSize(MAX_HEADERS);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(HttpCompliance.RFC7230);
        ConnectionFactory[] protocols = {
            new PromptChunks(http), new HTTP2CServerConnectionFactory(http)
        };
        connector = new ServerConnector(server, 1, 1, protocols);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setAcceptQueueSize(1024);
        UnixDomainServerConnector inside = new UnixDomainServerConnector(server, 1, 1, protocols);
        inside.setUnixDomainPath(socket);
        inside.setAcceptQueueSize(1024);
        for (AbstractConnector each : new AbstractConnector[] {connector, inside}) {
            each.setIdleTimeout(idleTimeout);
            server.addConnector(each);
        }
        server.setHandler(new Entry(exchange, requestIds));
        server.setStopTimeout(STOP_TIMEOUT);
        server.setErrorHandler(new PlainErrors());
        try {
            Files.deleteIfExists(socket);
            server.start();
            // Functions run as other users.
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            stopQuietly();
            throw e;
        } catch (Exception e) {
            stopQuietly();
            throw new IOException(e);
        }
    }

    /// The port that it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        stopQuietly();
    }

    private void stopQuietly() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "The listener did not stop cleanly", e);
        }
    }

    /// Errors of the protocol itself, before there is a request.
    private static final class PlainErrors implements org.eclipse.jetty.server.Request.Handler {
        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request request,
                org.eclipse.jetty.server.Response response,
                Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            String message = "HTTP " + response.getStatus() + "\n";
            Content.Sink.write(response, true, message, callback);
            return true;
        }
    }

    private static final class Entry extends Handler.Abstract {
        private final Exchange exchange;
        private final Supplier<String> requestIds;

        Entry(Exchange exchange, Supplier<String> requestIds) {
            this.exchange = exchange;
            this.requestIds = requestIds;
        }

        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request from,
                org.eclipse.jetty.server.Response to,
                Callback callback) {
            // Who works on a request may be silent for longer than a client: a function has 15
            // minutes. Reading and writing still end when the client is silent.
            from.addIdleTimeoutListener(timeout -> false);
            Body sent = new Body(from);
            try {
                Response response = exchange.answer(request(from, sent));
                if (!sent.finish()) {
                    to.getHeaders().put(HttpHeader.CONNECTION, "close");
                }
                try (ByteStream body = response.body()) {
                    write(from, response, body, to);
                }
                callback.succeeded();
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "A response could not be sent", e);
                callback.failed(e);
            }
            return true;
        }

        private Request request(org.eclipse.jetty.server.Request from, Body body) {
            Headers.Builder headers = Headers.builder();
            for (HttpField field : from.getHeaders()) {
                headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
            }
            String host = from.getHeaders().get(HttpHeader.HOST);
            if (host == null) {
                host = from.getHttpURI().getAuthority();
            }
            String path = from.getHttpURI().getPath();
            String query = from.getHttpURI().getQuery();
            return new Request(
                    from.getMethod(),
                    path == null || path.isEmpty() ? "/" : path,
                    query == null ? "" : query,
                    headers.build(),
                    body,
                    host == null ? "" : host.toLowerCase(Locale.ROOT),
                    org.eclipse.jetty.server.Request.getRemoteAddr(from),
                    from.isSecure(),
                    requestIds.get());
        }

        private static void write(
                org.eclipse.jetty.server.Request from,
                Response response,
                ByteStream body,
                org.eclipse.jetty.server.Response to)
                throws IOException {
            to.setStatus(response.status());
            response.headers()
                    .forEach((name, value) -> to.getHeaders().add(HeaderNames.shown(name), value));
            boolean none =
                    from.getMethod().equals("HEAD")
                            || response.status() == 304
                            || response.status() == 204;
            if (!none && body.length() >= 0 && !response.headers().contains("content-length")) {
                to.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length());
            }
            if (none) {
                return;
            }
            OutputStream out =
                    body.length() < 0 ? new StreamedBody(to) : Content.Sink.asOutputStream(to);
            body.transferTo(out);
            // Not when that fails: what is broken off must not look whole.
            out.close();
        }
    }

    private static final class Body implements ByteStream {
        /// The most bytes of an unwanted body that are read so that the connection can go on.
        private static final int MOST_DRAINED = 1024 * 1024;

        private final org.eclipse.jetty.server.Request request;
        private boolean opened;

        Body(org.eclipse.jetty.server.Request request) {
            this.request = request;
        }

        @Override
        public long length() {
            long length = request.getLength();
            boolean none =
                    length < 0
                            && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                            && request.getConnectionMetaData().getHttpVersion().getVersion() < 20;
            return none ? 0 : length;
        }

        @Override
        public InputStream open() {
            opened = true;
            return Content.Source.asInputStream(request);
        }

        /// Reads what nobody wanted, if that is little. A connection whose body is left unread must
        /// end, and be said to end: the client would take the rest of the body's bytes, or the
        /// reset that they cause, for the server's failure.
        ///
        /// @return whether the connection can go on
        boolean finish() {
            if (request.getConnectionMetaData().getHttpVersion().getVersion() >= 20) {
                return true;
            }
            boolean expects = request.getHeaders().contains(HttpHeader.EXPECT);
            if (!opened && (expects && length() != 0 || length() > MOST_DRAINED)) {
                // To read is to ask for it.
                return false;
            }
            try {
                InputStream rest = Content.Source.asInputStream(request);
                rest.skip(MOST_DRAINED);
                return rest.read() < 0;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
