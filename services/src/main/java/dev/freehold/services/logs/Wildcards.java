package dev.freehold.services.logs;

/// Texts with `*` for anything.
final class Wildcards {
    private Wildcards() {}

    /// Linear in time for one star, and never worse than pattern times text.
    static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        if (!text.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String[] parts = pattern.split("\\*", -1);
        int at = star;
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        String last = parts[parts.length - 1];
        return text.length() - at >= last.length() && text.endsWith(last);
    }
}
