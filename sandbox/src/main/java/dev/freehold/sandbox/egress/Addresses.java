package dev.freehold.sandbox.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Which addresses are the internet's, and which are this host's or of networks around it.
final class Addresses {
    /// A block of addresses.
    private record Block(byte[] prefix, int bits) {
        boolean has(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            boolean same = Arrays.equals(prefix, 0, whole, address, 0, whole);
            int mask = 0xff << (8 - rest) & 0xff;
            return same && (rest == 0 || (prefix[whole] & mask) == (address[whole] & mask));
        }
    }

    /// What IANA's registries of special addresses say is not global.
    private static final List<Block> SPECIAL =
            List.of(
                    block("0.0.0.0", 8),
                    block("10.0.0.0", 8),
                    block("100.64.0.0", 10),
                    block("127.0.0.0", 8),
                    block("169.254.0.0", 16),
                    block("172.16.0.0", 12),
                    block("192.0.0.0", 24),
                    block("192.0.2.0", 24),
                    block("192.168.0.0", 16),
                    block("198.18.0.0", 15),
                    block("198.51.100.0", 24),
                    block("203.0.113.0", 24),
                    block("224.0.0.0", 3),
                    block("::", 96),
                    block("64:ff9b::", 96),
                    block("64:ff9b:1::", 48),
                    block("100::", 64),
                    block("2001::", 23),
                    block("2001:db8::", 32),
                    block("2002::", 16),
                    block("fc00::", 7),
                    block("fe80::", 9),
                    block("ff00::", 8));

    private Addresses() {}

    private static Block block(String address, int bits) {
        return new Block(parse(address).getAddress(), bits);
    }

    /// Whether it is an address and not a name.
    static boolean literal(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]+(\\.[0-9]+){3}");
    }

    /// @param literal an address; nothing is looked up
    static InetAddress parse(String literal) {
        try {
            return literal.indexOf(':') >= 0
                    ? Inet6Address.ofLiteral(literal)
                    : Inet4Address.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return InetAddress.getLoopbackAddress(); // leads nowhere
        }
    }

    /// All addresses of a host.
    static InetAddress[] resolve(String host) throws UnknownHostException {
        return literal(host) ? new InetAddress[] {parse(host)} : InetAddress.getAllByName(host);
    }

    /// Whether it is of the internet, and not this host's.
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return SPECIAL.stream().noneMatch(block -> block.has(bytes)) && !isOwn(address);
    }

    /// Whether a function may be let there when that very address is allowed: it is neither this
    /// host's nor one that machines have credentials on.
    static boolean isNeighbour(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !isOwn(address);
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // who can't tell does not connect
        }
    }
}
