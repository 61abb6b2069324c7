package dev.freehold.sandbox.egress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a function reaches beside the AWS endpoint.
///
/// @param open whether that is what the host reaches, but not the host itself
/// @param allowed the only hosts, when it is not open
public record Egress(boolean open, List<Rule> allowed) {
    /// The internet.
    public static final Egress OPEN = new Egress(true, List.of());

    /// Nothing.
    public static final Egress NONE = new Egress(false, List.of());

    /// Where a sandbox finds the proxy, on its loopback.
    public static final int PORT = 9002;

    private static final int MAX_RULES = 50;

    public Egress {
        allowed = List.copyOf(allowed);
    }

    /// Reads `none`, or hosts with spaces between: `api.example.com .example.org:8443
    /// 10.1.2.3:5432`.
    ///
    /// @throws IllegalArgumentException when it is neither
    public static Egress parse(String text) {
        String stripped = text.strip();
        if (stripped.equals("none")) {
            return NONE;
        }
        List<Rule> rules = new ArrayList<>();
        for (String word : stripped.split("\\s+", -1)) {
            Rule rule = Rule.parse(word);
            if (rule == null || rules.size() == MAX_RULES) {
                throw new IllegalArgumentException(
                        "must be 'none', or up to "
                                + MAX_RULES
                                + " hosts such as 'api.example.com .example.org:8443"
                                + " 10.1.2.3:5432' (without a port: 80 and 443), not: "
                                + text);
            }
            rules.add(rule);
        }
        return new Egress(false, rules);
    }

    /// Whether it goes by the proxy.
    public boolean proxied() {
        return !open && !allowed.isEmpty();
    }

    /// The rule that lets a host be reached; null when none does.
    @Nullable Rule rule(String host, int port) {
        for (Rule rule : allowed) {
            if (rule.covers(host, port)) {
                return rule;
            }
        }
        return null;
    }

    /// The variables by which programs find the proxy.
    public Map<String, String> variables() {
        if (!proxied()) {
            return Map.of();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")) {
            variables.put(name, "http://127.0.0.1:" + PORT);
        }
        variables.put("NO_PROXY", "127.0.0.1,localhost");
        variables.put("no_proxy", "127.0.0.1,localhost");
        variables.put("NODE_USE_ENV_PROXY", "1");
        return variables;
    }
}
