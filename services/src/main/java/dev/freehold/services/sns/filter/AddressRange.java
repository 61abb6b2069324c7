package dev.freehold.services.sns.filter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// A range of IP addresses, `10.0.0.0/24` or `2001:db8::/32`.
record AddressRange(byte[] network, int bits) {
    /// @throws IllegalArgumentException with AWS's words when the text is none
    static AddressRange parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("Malformed CIDR, one '/' required");
        }
        int bits;
        try {
            bits = Integer.parseInt(parts[1]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Malformed CIDR, mask bits must be an integer");
        }
        byte[] network = address(parts[0]);
        if (network == null) {
            throw new IllegalArgumentException("Nonstandard IP address: " + parts[0]);
        }
        if (bits < 0 || bits > network.length * 8) {
            throw new IllegalArgumentException(
                    "IPv"
                            + (network.length == 4 ? 4 : 6)
                            + " mask bits must be < "
                            + (network.length * 8 + 1));
        }
        return new AddressRange(network, bits);
    }

    boolean contains(String text) {
        byte[] address = address(text);
        if (address == null || address.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >>> (i % 8);
            if ((address[i / 8] & bit) != (network[i / 8] & bit)) {
                return false;
            }
        }
        return true;
    }

    /// Only what is written as an address is parsed: a name would be looked up.
    private static byte @Nullable [] address(String text) {
        boolean v4 = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        boolean v6 = text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:.]+");
        if (!v4 && !v6) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
