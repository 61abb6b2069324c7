package dev.freehold.services.lambda.budgets;

import dev.freehold.services.lambda.rules.Errors;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A limit to what a function, or all functions of an account, may use in a period. A text has one
/// or more of them with spaces between: `usd=5/month requests=1000/day`. A function's are its tag
/// [#TAG].
///
/// @param limit in the metric's unit
public record Budget(Metric metric, double limit, Period period) {
    /// The tag that sets budgets.
    public static final String TAG = "freehold:budget";

    private static final int MAX_BUDGETS = 8;
    private static final Pattern FORM =
            Pattern.compile(
                    "(requests|gb-seconds|usd)=(\\d{1,12}(?:\\.\\d{1,9})?)/(hour|day|month)");

    /// What is counted.
    public enum Metric {
        REQUESTS("requests"),
        GB_SECONDS("gb-seconds"),
        USD("usd");

        private final String text;

        Metric(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static Metric of(String text) {
            return switch (text) {
                case "requests" -> REQUESTS;
                case "usd" -> USD;
                default -> GB_SECONDS;
            };
        }
    }

    /// How long it is counted, in whole hours, days or months of UTC.
    public enum Period {
        HOUR("hour"),
        DAY("day"),
        MONTH("month");

        private final String text;

        Period(String text) {
            this.text = text;
        }

        static Period of(String text) {
            return switch (text) {
                case "hour" -> HOUR;
                case "day" -> DAY;
                default -> MONTH;
            };
        }

        /// When the period began that `now` is in.
        public Instant start(Instant now) {
            ZonedDateTime time = now.atZone(ZoneOffset.UTC);
            return switch (this) {
                case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
                case DAY -> time.truncatedTo(ChronoUnit.DAYS).toInstant();
                case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
            };
        }

        /// When it ends.
        public Instant end(Instant now) {
            ZonedDateTime start = start(now).atZone(ZoneOffset.UTC);
            return switch (this) {
                case HOUR -> start.plusHours(1).toInstant();
                case DAY -> start.plusDays(1).toInstant();
                case MONTH -> start.plusMonths(1).toInstant();
            };
        }
    }

    /// The budgets that tags set.
    ///
    /// @throws dev.freehold.protocol.ServiceError when the tag can't be understood
    public static List<Budget> of(Map<String, String> tags) {
        String text = tags.get(TAG);
        return text == null ? List.of() : parseAll(text, "The tag " + TAG);
    }

    /// The budgets of a text.
    ///
    /// @param what has the text, as the beginning of a sentence
    /// @throws dev.freehold.protocol.ServiceError when it can't be understood
    static List<Budget> parseAll(String text, String what) {
        List<Budget> budgets = new ArrayList<>();
        for (String part : text.strip().split("\\s+", -1)) {
            Budget budget = parse(part);
            if (budget == null || budgets.size() == MAX_BUDGETS) {
                throw Errors.invalid(
                        what
                                + " must be up to "
                                + MAX_BUDGETS
                                + " budgets such as 'usd=5/month requests=1000/day'"
                                + " (requests, gb-seconds or usd; hour, day or month), not: "
                                + text);
            }
            budgets.add(budget);
        }
        return budgets;
    }

    private static @Nullable Budget parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? new Budget(
                        Metric.of(matcher.group(1)),
                        Double.parseDouble(matcher.group(2)),
                        Period.of(matcher.group(3)))
                : null;
    }

    /// The budget as its tag has it.
    public String text() {
        return metric.text + "=" + number(limit) + "/" + period.text;
    }

    /// An amount without needless digits, and never with an exponent.
    static String number(double amount) {
        BigDecimal exact = new BigDecimal(amount, new MathContext(9)).stripTrailingZeros();
        return exact.toPlainString();
    }
}
