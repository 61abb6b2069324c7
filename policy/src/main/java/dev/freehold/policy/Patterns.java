package dev.freehold.policy;

/// AWS's patterns: `*` is any text, `?` any one character. Never worse than pattern times text.
///
/// What a variable stands for is no pattern: its `*` and `?` are kept apart by [#literal].
final class Patterns {
    private static final char LITERAL_STAR = '\uE000';
    private static final char LITERAL_MARK = '\uE001';

    private Patterns() {}

    /// The text as part of a pattern that matches it alone.
    static String literal(String text) {
        return text.replace('*', LITERAL_STAR).replace('?', LITERAL_MARK);
    }

    static boolean matches(String pattern, String text, boolean ignoreCase) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && same(pattern.charAt(p), text.charAt(t), ignoreCase)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean same(char pattern, char text, boolean ignoreCase) {
        return pattern == '?'
                || pattern == text
                || (pattern == LITERAL_STAR && text == '*')
                || (pattern == LITERAL_MARK && text == '?')
                || (ignoreCase && Character.toLowerCase(pattern) == Character.toLowerCase(text));
    }

    /// ARNs match part by part, so that a `*` does not reach over a colon of the first five.
    static boolean matchesArn(String pattern, String arn) {
        if (pattern.equals("*")) {
            return true;
        }
        String[] wanted = pattern.split(":", 6);
        String[] parts = arn.split(":", 6);
        if (wanted.length != 6 || parts.length != 6) {
            return matches(pattern, arn, false);
        }
        for (int i = 0; i < 6; i++) {
            if (!matches(wanted[i], parts[i], false)) {
                return false;
            }
        }
        return true;
    }
}
