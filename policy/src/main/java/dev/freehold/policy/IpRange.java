package dev.freehold.policy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Ranges of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address.
final class IpRange {
    private IpRange() {}

    static boolean contains(String range, String address) {
        int slash = range.indexOf('/');
        byte @Nullable [] base = parse(slash < 0 ? range : range.substring(0, slash));
        byte @Nullable [] given = parse(address);
        if (base == null || given == null || base.length != given.length) {
            return false;
        }
        int bits = base.length * 8;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(range.substring(slash + 1));
            } catch (NumberFormatException e) {
                return false;
            }
        }
        for (int i = 0; i < Math.min(bits, base.length * 8); i++) {
            int mask = 0x80 >> (i % 8);
            if ((base[i / 8] & mask) != (given[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /// Only literals: a name is never looked up.
    private static byte @Nullable [] parse(String literal) {
        if (literal.isEmpty() || !literal.matches("[0-9a-fA-F.:]+")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
