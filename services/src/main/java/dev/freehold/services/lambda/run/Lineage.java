package dev.freehold.services.lambda.run;

import dev.freehold.protocol.Caller;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A trace header, `Root=...;Parent=...;Sampled=...;Lineage=...`: which functions a chain of calls
/// has passed, and how often. AWS's SDKs hand it on from inside functions, and so do the queues and
/// topics between, so that a loop is known as one.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html>.
public final class Lineage {
    /// How often a function may be in one chain.
    public static final int MAX_HOPS = 16;

    /// The most functions that a header names; the oldest is forgotten.
    private static final int MAX_ENTRIES = 8;

    private static final Pattern ENTRY = Pattern.compile("(?:\\d+:)?([0-9a-f]{8}):(\\d{1,6})");
    private static final Pattern ROOT = Pattern.compile("1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}");

    private Lineage() {}

    /// The trace header of a request, or null: the edge puts it among the caller's facts.
    public static @Nullable String of(Caller caller) {
        return caller.facts().get(Caller.TRACE_HEADER);
    }

    /// How often the function is in the chain already.
    public static int hops(@Nullable String header, String functionArn) {
        for (String entry : entries(header)) {
            Matcher matcher = ENTRY.matcher(entry);
            if (matcher.matches() && matcher.group(1).equals(hash(functionArn))) {
                return Integer.parseInt(matcher.group(2));
            }
        }
        return 0;
    }

    /// The header that the function gets.
    ///
    /// @param header the caller's, or null
    /// @param root a new root for a chain that begins here
    /// @param parent the id of this step, 16 hexadecimal digits
    /// @param sampled whether the function says so itself
    public static String next(
            @Nullable String header,
            String functionArn,
            String root,
            String parent,
            boolean sampled) {
        String old = field(header, "Root");
        boolean known = old != null && ROOT.matcher(old).matches();
        boolean was = "1".equals(field(header, "Sampled"));
        List<String> lineage = new ArrayList<>();
        for (String entry : entries(header)) {
            Matcher matcher = ENTRY.matcher(entry);
            if (matcher.matches() && !matcher.group(1).equals(hash(functionArn))) {
                lineage.add(entry);
            }
        }
        lineage.add("1:" + hash(functionArn) + ":" + (hops(header, functionArn) + 1));
        int from = Math.max(0, lineage.size() - MAX_ENTRIES);
        return "Root="
                + (known ? old : root)
                + ";Parent="
                + parent
                + ";Sampled="
                + (sampled || was ? "1" : "0")
                + ";Lineage="
                + String.join("|", lineage.subList(from, lineage.size()));
    }

    private static List<String> entries(@Nullable String header) {
        String lineage = field(header, "Lineage");
        return lineage == null ? List.of() : List.of(lineage.split("\\|", -1));
    }

    private static @Nullable String field(@Nullable String header, String name) {
        if (header == null) {
            return null;
        }
        for (String part : header.split(";", -1)) {
            if (part.strip().startsWith(name + "=")) {
                return part.strip().substring(name.length() + 1);
            }
        }
        return null;
    }

    private static String hash(String arn) {
        return HexFormat.of().toHexDigits(arn.hashCode());
    }
}
