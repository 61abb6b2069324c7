package dev.freehold.sandbox.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// The only way out of a sandbox whose function may reach some hosts: a proxy for HTTP, and by
/// CONNECT for all else, which connects to allowed hosts only.
public final class EgressProxy implements AutoCloseable {
    /// As many as a sandbox's first process carries.
    private static final int MAX_CONNECTIONS = 128;

    private static final int MAX_HEAD = 16 * 1024;
    private static final int BUFFER = 16 * 1024;
    private static final int CONNECT_MILLIS = 10_000;
    private static final String END = "\r\n\r\n";

    private final ServerSocketChannel server;
    private final Egress egress;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private final BiPredicate<Rule, InetAddress> may;

    /// @param server where the sandbox connects; it is closed with the proxy
    public EgressProxy(ServerSocketChannel server, Egress egress) {
        this(server, egress, EgressProxy::may);
    }

    /// @param may whether an address may be connected to because of a rule
    EgressProxy(ServerSocketChannel server, Egress egress, BiPredicate<Rule, InetAddress> may) {
        this.server = server;
        this.egress = egress;
        this.may = may;
        Thread.ofVirtual().name("egress").start(this::accept);
    }

    private static boolean may(Rule rule, InetAddress address) {
        return Addresses.isPublic(address)
                || (rule.names(address) && Addresses.isNeighbour(address));
    }

    /// Why a request is not carried.
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String status;

        RefusedException(String status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                if (open.size() >= 2 * MAX_CONNECTIONS || !open.add(client)) {
                    client.close();
                    continue;
                }
                Thread.ofVirtual().name("egress-connection").start(() -> serve(client));
            }
        } catch (IOException e) {
            // it was closed, with the sandbox
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            carry(client);
        } catch (IOException e) {
            // one of both ends is gone
        } finally {
            open.remove(client);
        }
    }

    private void carry(SocketChannel client) throws IOException {
        byte[] bytes = head(client);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END);
        if (end < 0) {
            return;
        }
        SocketChannel target;
        Asked asked;
        try {
            asked = Asked.parse(text.substring(0, end));
            target = connect(asked);
        } catch (RefusedException e) {
            answer(client, e);
            return;
        }
        open.add(target);
        try (target) {
            byte[] rest = text.substring(end + END.length()).getBytes(StandardCharsets.ISO_8859_1);
            if (asked.forwarded == null) {
                write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            } else {
                write(target, asked.forwarded);
            }
            writeAll(target, ByteBuffer.wrap(rest));
            Thread back = Thread.ofVirtual().start(() -> pump(target, client));
            pump(client, target);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(target);
        }
    }

    /// What came until a head was whole, or was too long.
    private static byte[] head(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_HEAD);
        while (buffer.hasRemaining() && client.read(buffer) >= 0) {
            String text =
                    new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
            if (text.contains(END)) {
                break;
            }
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    /// What a client asks for.
    ///
    /// @param forwarded the head that the host gets, or null when it gets what follows
    private record Asked(String host, int port, @Nullable String forwarded) {
        static Asked parse(String head) throws RefusedException {
            String[] lines = head.split("\r\n", -1);
            String[] words = lines[0].split(" ", -1);
            if (words.length != 3) {
                throw new RefusedException("400 Bad Request", "This is a proxy for HTTP.");
            }
            if (words[0].equals("CONNECT")) {
                return at(words[1], 0, null);
            }
            if (!words[1].startsWith("http://")) {
                throw new RefusedException("400 Bad Request", "This is a proxy for HTTP.");
            }
            String rest = words[1].substring("http://".length());
            int slash = rest.indexOf('/');
            String path = slash < 0 ? "/" : rest.substring(slash);
            StringBuilder forwarded = new StringBuilder(head.length() + 32);
            forwarded.append(words[0]).append(' ').append(path).append(' ').append(words[2]);
            for (int i = 1; i < lines.length; i++) {
                String lower = lines[i].toLowerCase(Locale.ROOT);
                if (!lower.startsWith("proxy-") && !lower.startsWith("connection:")) {
                    forwarded.append("\r\n").append(lines[i]);
                }
            }
            // Each request is checked: so a connection has one.
            forwarded.append("\r\nConnection: close").append(END);
            return at(slash < 0 ? rest : rest.substring(0, slash), 80, forwarded.toString());
        }

        private static Asked at(String authority, int otherwise, @Nullable String forwarded)
                throws RefusedException {
            int colon = authority.lastIndexOf(':');
            boolean given = colon >= 0 && colon > authority.lastIndexOf(']');
            String host = given ? authority.substring(0, colon) : authority;
            String port = given ? authority.substring(colon + 1) : String.valueOf(otherwise);
            if (!port.matches("\\d{1,5}") || host.isEmpty() || host.indexOf('@') >= 0) {
                throw new RefusedException("400 Bad Request", "There is no host and port.");
            }
            String plain = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]|\\.$", "");
            return new Asked(plain, Integer.parseInt(port), forwarded);
        }
    }

    /// Connects to what is allowed, by the address that was checked.
    private SocketChannel connect(Asked asked) throws RefusedException {
        String name = asked.host + ":" + asked.port;
        Rule rule = egress.rule(asked.host, asked.port);
        if (rule == null) {
            throw new RefusedException(
                    "403 Forbidden", "The function's tag freehold:egress does not allow " + name);
        }
        try {
            boolean refused = false;
            for (InetAddress address : Addresses.resolve(asked.host)) {
                if (may.test(rule, address)) {
                    return dial(new InetSocketAddress(address, asked.port));
                }
                refused = true;
            }
            if (refused) {
                throw new RefusedException(
                        "403 Forbidden",
                        name + " leads to a private address, which is not allowed");
            }
            throw new UnknownHostException(name);
        } catch (IOException e) {
            throw new RefusedException("502 Bad Gateway", name + " can't be reached: " + e);
        }
    }

    private static SocketChannel dial(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, CONNECT_MILLIS);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void answer(SocketChannel client, RefusedException e) throws IOException {
        byte[] message = (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        write(
                client,
                "HTTP/1.1 "
                        + e.status
                        + "\r\nContent-Type: text/plain\r\nContent-Length: "
                        + message.length
                        + "\r\nConnection: close"
                        + END);
        writeAll(client, ByteBuffer.wrap(message));
    }

    /// Carries bytes one way until their end.
    private static void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                writeAll(to, buffer);
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void write(SocketChannel to, String text) throws IOException {
        writeAll(to, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void writeAll(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // it is gone, as it should be
        }
        open.forEach(EgressProxy::close);
    }
}
