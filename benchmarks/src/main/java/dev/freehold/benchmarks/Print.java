package dev.freehold.benchmarks;

import java.util.Locale;

/// Prints figures in columns.
final class Print {
    private Print() {}

    static void title(String text) {
        System.out.println("\n" + text);
    }

    static void row(String what, Load.Result result) {
        System.out.printf(
                Locale.ROOT,
                "  %-44s %9.0f /s   p50 %8.3f ms   p99 %8.3f ms%n",
                what,
                result.perSecond(),
                result.millis(0.5),
                result.millis(0.99));
    }

    static void figure(String what, double value, String unit, String why) {
        System.out.printf(Locale.ROOT, "  %-44s %9.2f %s   %s%n", what, value, unit, why);
    }
}
