package dev.freehold.services.logs;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.freehold.api.logs.InvalidParameterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A filter pattern: which log events match.
///
/// See <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>.
@FunctionalInterface
interface FilterPattern {
    /// The longest pattern that is accepted, in characters.
    int MAX_LENGTH = 1024;

    boolean matches(String message);

    /// The values that the pattern names in a message that it matches: `$.level`, `$ip`.
    default Map<String, String> extract(String message) {
        return Map.of();
    }

    /// [#parse] for a pattern that a request gives.
    ///
    /// @throws InvalidParameterException when the text is no pattern
    static FilterPattern checked(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidParameterException(e.getMessage());
        }
    }

    /// @throws IllegalArgumentException when the text is no pattern; the message says why
    static FilterPattern parse(String text) {
        String pattern = text.strip();
        if (pattern.isEmpty()) {
            return message -> true;
        }
        if (pattern.startsWith("{")) {
            return JsonPattern.parse(pattern);
        }
        if (pattern.startsWith("[")) {
            return SpacePattern.parse(pattern);
        }
        return Terms.parse(pattern);
    }

    /// Terms of unstructured text: all plain ones, any of those with `?`, none of those with `-`.
    record Terms(List<FilterPattern> all, List<FilterPattern> any, List<FilterPattern> none)
            implements FilterPattern {
        static Terms parse(String pattern) {
            Terms terms = new Terms(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            int at = 0;
            while (at < pattern.length()) {
                if (Character.isWhitespace(pattern.charAt(at))) {
                    at++;
                    continue;
                }
                char sign = pattern.charAt(at);
                List<FilterPattern> list =
                        sign == '?' ? terms.any : sign == '-' ? terms.none : terms.all;
                int start = list == terms.all ? at : at + 1;
                int end = end(pattern, start);
                list.add(term(pattern.substring(start, end)));
                at = end;
            }
            return terms;
        }

        private static int end(String pattern, int start) {
            char quote = start < pattern.length() ? pattern.charAt(start) : ' ';
            if (quote == '"' || quote == '%') {
                int end = pattern.indexOf(quote, start + 1);
                if (end < 0) {
                    throw new IllegalArgumentException("Invalid filter pattern");
                }
                return end + 1;
            }
            int end = start;
            while (end < pattern.length() && !Character.isWhitespace(pattern.charAt(end))) {
                end++;
            }
            return end;
        }

        private static FilterPattern term(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("Invalid filter pattern");
            }
            boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
            boolean regex = text.length() > 2 && text.startsWith("%") && text.endsWith("%");
            String content = quoted || regex ? text.substring(1, text.length() - 1) : text;
            if (regex) {
                return regex(content);
            }
            return message -> message.contains(content);
        }

        /// In linear time, whoever wrote the expression.
        private static FilterPattern regex(String expression) {
            try {
                Pattern compiled = Pattern.compile(expression);
                return message -> compiled.matcher(message).find();
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("Invalid regular expression in filter pattern");
            }
        }

        @Override
        public boolean matches(String message) {
            return all.stream().allMatch(t -> t.matches(message))
                    && none.stream().noneMatch(t -> t.matches(message))
                    && (any.isEmpty() || any.stream().anyMatch(t -> t.matches(message)));
        }
    }
}
