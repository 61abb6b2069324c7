package dev.freehold.sandbox.host;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A sandbox's way to the internet: a `pasta` process that carries its packets over sockets of the
/// host, without privileges. The host's own addresses, and those of machines' metadata, lead
/// nowhere.
public final class Network {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final System.Logger LOG = System.getLogger(Network.class.getName());

    private static final Path TUN = Path.of("/dev/net/tun");

    private volatile boolean settled;
    private final Process carrier;
    private final Path routes;

    private Network(Process carrier, Path routes) {
        this.carrier = carrier;
        this.routes = routes;
    }

    /// Starts a process on a thread that lives as long as this server.
    @FunctionalInterface
    public interface Launch {
        Process start(List<String> command) throws IOException;
    }

    /// What this host lacks, and how to get it; empty when sandboxes can have a network.
    public static Optional<String> lacking() {
        boolean there = false;
        for (String directory : List.of("/usr/local/bin", "/usr/bin", "/bin")) {
            there |= Files.isExecutable(Path.of(directory, "pasta"));
        }
        if (!there) {
            return Optional.of(
                    "Functions have no outbound network: pasta is missing."
                            + " On Debian and Ubuntu: apt-get install passt");
        }
        if (!Files.exists(TUN)) {
            return Optional.of(
                    "Functions have no outbound network: /dev/net/tun is missing."
                            + " Try: modprobe tun; in a container: --device /dev/net/tun");
        }
        return Files.isWritable(TUN)
                ? Optional.empty()
                : Optional.of(
                        "Functions have no outbound network: this server's user can't open"
                                + " /dev/net/tun. As on other systems: chmod 0666 /dev/net/tun");
    }

    /// Begins to connect a sandbox.
    ///
    /// @param program joins its namespaces
    /// @param user the sandbox's user, or 0 when it is this server's own
    /// @param pid a process in it, as the host sees it
    /// @param nameServer where the sandbox finds the host's name server
    public static Network start(Launch launch, Path program, long user, long pid, String nameServer)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(program.toString(), String.valueOf(user), String.valueOf(pid)));
        command.addAll(own());
        command.addAll(List.of("--", "pasta", "--quiet", "--foreground", "--config-net"));
        command.addAll(List.of("--no-map-gw", "-t", "none", "-u", "none"));
        command.addAll(List.of("-T", "none", "-U", "none", "--dns-forward", nameServer));
        // Its tables for a family are large, whether it carries any packet of it or not.
        if (command.stream().noneMatch(word -> word.endsWith("/128"))) {
            command.add("--ipv4-only");
        }
        command.addAll(List.of("--userns", "/proc/self/fd/10", "--netns", "/proc/self/fd/11"));
        Path routes = Path.of("/proc", String.valueOf(pid), "net/route");
        return new Network(launch.start(command), routes);
    }

    /// The host's addresses, and those that cloud providers serve credentials on.
    private static List<String> own() throws IOException {
        List<String> own = new ArrayList<>(List.of("169.254.0.0/16"));
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : each.inetAddresses().toList()) {
                if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
                    String text = address.getHostAddress().replaceAll("%.*", "");
                    own.add(text + (address instanceof Inet6Address ? "/128" : "/32"));
                }
            }
        }
        return own;
    }

    /// Waits until it works. When it can't, the sandbox stays without a network, which is logged.
    public void await() {
        if (settled) {
            return;
        }
        settled = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!routed()) {
            if (!carrier.isAlive() || System.nanoTime() > end) {
                LOG.log(System.Logger.Level.WARNING, "A sandbox has no network: " + said());
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private String said() {
        carrier.destroyForcibly();
        try {
            return new String(carrier.getInputStream().readNBytes(1000), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// Whether the sandbox has a default route by a device.
    private boolean routed() {
        try {
            for (String line : Files.readAllLines(routes)) {
                String[] columns = line.split("\t", -1);
                if (columns.length > 1 && columns[1].equals("00000000")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /// Ends it; after that, no packet leaves the sandbox.
    public void close() {
        carrier.destroyForcibly();
        try {
            if (!carrier.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("pasta does not end: " + carrier.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
