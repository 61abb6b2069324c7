package dev.freehold.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// The condition operators: each compares one value of the request with one of the policy.
///
/// See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.
final class Operators {
    private static final Map<String, BiPredicate<String, String>> OPERATORS =
            Map.ofEntries(
                    Map.entry("stringequals", String::equals),
                    Map.entry("stringequalsignorecase", String::equalsIgnoreCase),
                    Map.entry("stringlike", (is, want) -> Patterns.matches(want, is, false)),
                    Map.entry("numericequals", (is, want) -> number(is, want, Set.of(0))),
                    Map.entry("numericlessthan", (is, want) -> number(is, want, Set.of(-1))),
                    Map.entry(
                            "numericlessthanequals", (is, want) -> number(is, want, Set.of(-1, 0))),
                    Map.entry("numericgreaterthan", (is, want) -> number(is, want, Set.of(1))),
                    Map.entry(
                            "numericgreaterthanequals",
                            (is, want) -> number(is, want, Set.of(1, 0))),
                    Map.entry("dateequals", (is, want) -> date(is, want, Set.of(0))),
                    Map.entry("datelessthan", (is, want) -> date(is, want, Set.of(-1))),
                    Map.entry("datelessthanequals", (is, want) -> date(is, want, Set.of(-1, 0))),
                    Map.entry("dategreaterthan", (is, want) -> date(is, want, Set.of(1))),
                    Map.entry("dategreaterthanequals", (is, want) -> date(is, want, Set.of(1, 0))),
                    Map.entry("bool", String::equalsIgnoreCase),
                    Map.entry("binaryequals", String::equals),
                    Map.entry("ipaddress", (is, want) -> IpRange.contains(want, is)),
                    Map.entry("arnequals", (is, want) -> Patterns.matchesArn(want, is)),
                    Map.entry("arnlike", (is, want) -> Patterns.matchesArn(want, is)));

    /// Those that hold when no value of the policy matches, and the operator they deny.
    private static final Map<String, String> NEGATIONS =
            Map.of(
                    "stringnotequals", "stringequals",
                    "stringnotequalsignorecase", "stringequalsignorecase",
                    "stringnotlike", "stringlike",
                    "numericnotequals", "numericequals",
                    "datenotequals", "dateequals",
                    "notipaddress", "ipaddress",
                    "arnnotequals", "arnequals",
                    "arnnotlike", "arnlike");

    private Operators() {}

    static boolean known(String operator) {
        return operator.equals("null")
                || OPERATORS.containsKey(operator)
                || NEGATIONS.containsKey(operator);
    }

    /// Whether the policy's values are patterns, in which `*` and `?` stand for others.
    static boolean takesPattern(String operator) {
        return operator.startsWith("arn") || operator.endsWith("like");
    }

    static boolean negated(String operator) {
        return NEGATIONS.containsKey(operator);
    }

    /// Whether one value of the request fulfils the operator: any of the policy's values matches,
    /// or, when negated, none does.
    static boolean holds(String operator, String value, List<String> wanted) {
        String plain = NEGATIONS.getOrDefault(operator, operator);
        BiPredicate<String, String> test = OPERATORS.get(plain);
        if (test == null) {
            return false;
        }
        boolean any = wanted.stream().anyMatch(want -> test.test(value, want));
        return any != negated(operator);
    }

    private static boolean number(String is, String want, Set<Integer> signs) {
        try {
            return signs.contains(new BigDecimal(is).compareTo(new BigDecimal(want)));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean date(String is, String want, Set<Integer> signs) {
        Instant left = instant(is);
        Instant right = instant(want);
        return left != null
                && right != null
                && signs.contains(Integer.signum(left.compareTo(right)));
    }

    /// A date in ISO 8601, or in seconds since 1970.
    private static @Nullable Instant instant(String text) {
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return OffsetDateTime.parse(text.length() == 10 ? text + "T00:00:00Z" : text)
                    .toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }
}
