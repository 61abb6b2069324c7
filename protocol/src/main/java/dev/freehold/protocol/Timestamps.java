package dev.freehold.protocol;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Timestamps as texts and numbers.
public final class Timestamps {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

    private Timestamps() {}

    /// Reads a text in that format. A date-time must be in UTC and whole, as Smithy has it.
    ///
    /// @return null when it is none
    public static @Nullable Instant parse(String text, Member.TimestampFormat format) {
        boolean strict =
                format != Member.TimestampFormat.DATE_TIME || DATE_TIME.matcher(text).matches();
        return strict ? parseLeniently(text, format) : null;
    }

    /// Reads a text in that format, which may have an offset from UTC: so XML and forms are read.
    ///
    /// @return null when it is none
    public static @Nullable Instant parseLeniently(String text, Member.TimestampFormat format) {
        try {
            return switch (format) {
                case DATE_TIME -> OffsetDateTime.parse(text).toInstant();
                case HTTP_DATE ->
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                case EPOCH_SECONDS -> ofSeconds(new BigDecimal(text));
            };
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    /// Seconds since 1970, to the millisecond.
    public static Instant ofSeconds(BigDecimal seconds) {
        BigDecimal millis = seconds.movePointRight(3).setScale(0, RoundingMode.DOWN);
        return Instant.ofEpochMilli(millis.longValueExact());
    }

    /// Writes a text in that format.
    public static String format(Instant time, Member.TimestampFormat format) {
        return switch (format) {
            case DATE_TIME -> time.truncatedTo(ChronoUnit.MILLIS).toString();
            case HTTP_DATE -> HTTP_DATE.format(time);
            case EPOCH_SECONDS -> seconds(time).toPlainString();
        };
    }

    /// Seconds since 1970, with milliseconds when there are some.
    public static BigDecimal seconds(Instant time) {
        BigDecimal seconds = BigDecimal.valueOf(time.toEpochMilli(), 3).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }
}
