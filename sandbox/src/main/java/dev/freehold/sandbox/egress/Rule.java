package dev.freehold.sandbox.egress;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host that a function may reach.
///
/// @param host a name, in lower case; `*.` and a name, for all that end so; `*`; or an address
/// @param port 0 is 80 and 443
record Rule(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(\\*|(?:\\*\\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*"
                            + "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?|\\[[0-9a-f:.]+])"
                            + "(?::(\\d{1,5}))?");

    private static final int MAX_PORT = 65_535;

    /// @return null when it is no host
    static @Nullable Rule parse(String text) {
        Matcher matcher = FORM.matcher(wild(text.toLowerCase(Locale.ROOT)));
        if (!matcher.matches()) {
            return null;
        }
        int port = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        boolean right = matcher.group(2) == null || (port >= 1 && port <= MAX_PORT);
        String host = matcher.group(1).replaceAll("[\\[\\]]", "");
        boolean wildAddress = host.startsWith("*.") && host.matches("\\*\\.[0-9.]+");
        return right && !wildAddress ? new Rule(host, port) : null;
    }

    /// AWS allows no asterisk in a tag: a dot at the beginning means the same.
    private static String wild(String text) {
        return text.startsWith(".") ? "*" + text : text;
    }

    /// @param name a name or an address, in lower case and without a dot at its end
    boolean covers(String name, int wanted) {
        boolean open = port == 0 ? wanted == 80 || wanted == 443 : port == wanted;
        if (!open) {
            return false;
        }
        if (host.startsWith("*")) {
            return !Addresses.literal(name) && name.endsWith(host.substring(1));
        }
        return name.equals(host);
    }

    /// Whether it may lead to a private address: only when it names just that.
    boolean names(InetAddress address) {
        return Addresses.literal(host) && address.equals(Addresses.parse(host));
    }
}
