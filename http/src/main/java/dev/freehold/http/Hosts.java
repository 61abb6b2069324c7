package dev.freehold.http;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names that this server goes by, and what is said by those that stand before them. A `Host`
/// that is none of them is refused: a web page may have had its own name point here.
public final class Hosts {
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Set<String> names;

    /// @param own more names of this server, lower case
    public Hosts(Set<String> own) {
        this.names = Set.copyOf(own);
    }

    /// What stands before one of the server's own names, without the port: `bucket.s3`, or "" when
    /// nothing does; null when the host is none of them.
    @Nullable String prefix(String host) {
        String name = withoutPort(host);
        if (ADDRESS.matcher(name).matches() || name.isEmpty()) {
            return "";
        }
        for (String own :
                new String[] {
                    "localhost.localstack.cloud",
                    "localhost",
                    "host.docker.internal",
                    "amazonaws.com"
                }) {
            String prefix = before(name, own);
            if (prefix != null) {
                return prefix;
            }
        }
        for (String own : names) {
            String prefix = before(name, own);
            if (prefix != null) {
                return prefix;
            }
        }
        return null;
    }

    private static @Nullable String before(String name, String own) {
        if (name.equals(own)) {
            return "";
        }
        return name.endsWith("." + own)
                ? name.substring(0, name.length() - own.length() - 1)
                : null;
    }

    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']') && colon >= 0;
        return port ? host.substring(0, colon) : host;
    }

    /// Whether a page of that origin may call AWS operations: only one that this server sent.
    boolean ownOrigin(String origin) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && "".equals(prefix(origin.substring(scheme + 3)));
    }
}
