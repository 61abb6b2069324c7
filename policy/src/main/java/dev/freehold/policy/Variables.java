package dev.freehold.policy;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.
final class Variables {
    private Variables() {}

    /// The text with its variables replaced, or null when one has no single value: the text then
    /// matches nothing.
    static @Nullable String replace(Policy policy, String text, Map<String, List<String>> facts) {
        return replace(policy, text, facts, value -> value);
    }

    /// [#replace] for a text that is a pattern: what the variables stand for is taken literally.
    static @Nullable String inPattern(
            Policy policy, String pattern, Map<String, List<String>> facts) {
        return replace(policy, pattern, facts, Patterns::literal);
    }

    private static @Nullable String replace(
            Policy policy,
            String text,
            Map<String, List<String>> facts,
            UnaryOperator<String> written) {
        if (!policy.hasVariables() || !text.contains("${")) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int start = text.indexOf("${", at);
            int end = start < 0 ? -1 : text.indexOf('}', start);
            if (end < 0) {
                return out.append(text, at, text.length()).toString();
            }
            String value = value(text.substring(start + 2, end), facts);
            if (value == null) {
                return null;
            }
            out.append(text, at, start).append(written.apply(value));
            at = end + 1;
        }
    }

    private static @Nullable String value(String variable, Map<String, List<String>> facts) {
        if (variable.equals("*") || variable.equals("?") || variable.equals("$")) {
            return variable;
        }
        int comma = variable.indexOf(',');
        String key = (comma < 0 ? variable : variable.substring(0, comma)).strip();
        List<String> values = Matcher.factValues(facts, key);
        if (values != null && values.size() == 1) {
            return values.getFirst();
        }
        if (comma < 0) {
            return null;
        }
        String fallback = variable.substring(comma + 1).strip();
        boolean quoted =
                fallback.length() >= 2 && fallback.startsWith("'") && fallback.endsWith("'");
        return quoted ? fallback.substring(1, fallback.length() - 1) : null;
    }
}
