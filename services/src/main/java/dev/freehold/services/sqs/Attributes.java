package dev.freehold.services.sqs;

import dev.freehold.api.sqs.InvalidAttributeName;
import dev.freehold.api.sqs.InvalidAttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the attributes of a queue may be.
final class Attributes {
    private record Range(int min, int max, String fallback) {}

    private static final Map<String, Range> NUMBERS = new LinkedHashMap<>();

    static {
        NUMBERS.put("VisibilityTimeout", new Range(0, 43_200, "30"));
        NUMBERS.put("MaximumMessageSize", new Range(1024, 1_048_576, "1048576"));
        NUMBERS.put("MessageRetentionPeriod", new Range(60, 1_209_600, "345600"));
        NUMBERS.put("DelaySeconds", new Range(0, 900, "0"));
        NUMBERS.put("ReceiveMessageWaitTimeSeconds", new Range(0, 20, "0"));
    }

    private static final Set<String> OTHERS =
            Set.of("Policy", "RedrivePolicy", "RedriveAllowPolicy", "SqsManagedSseEnabled");
    private static final Set<String> FIFO =
            Set.of(
                    "FifoQueue",
                    "ContentBasedDeduplication",
                    "DeduplicationScope",
                    "FifoThroughputLimit");

    private Attributes() {}

    /// @throws InvalidAttributeName when there is none of that name
    static void check(Map<String, String> attributes) {
        attributes.forEach(Attributes::check);
    }

    private static void check(String name, String value) {
        Range range = NUMBERS.get(name);
        if (range != null) {
            number(name, value, range);
        } else if (FIFO.contains(name)) {
            throw new NotImplementedError("FIFO queues");
        } else if (name.startsWith("Kms")) {
            throw new NotImplementedError("Encryption of queues with a KMS key");
        } else if (!OTHERS.contains(name)) {
            throw new InvalidAttributeName("Unknown Attribute " + name + ".");
        } else if (name.equals("RedrivePolicy") && !value.isEmpty()) {
            redrive(value);
        }
    }

    private static void number(String name, String value, Range range) {
        try {
            int number = Integer.parseInt(value);
            if (number >= range.min && number <= range.max) {
                return;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new InvalidAttributeValue("Invalid value for the parameter " + name + ".");
    }

    /// Where messages go that were received too often.
    record Redrive(String target, int maxReceives) {}

    private static Redrive redrive(String value) {
        try {
            Map<String, @Nullable Object> policy = Json.readObject(value);
            Object target = policy.get("deadLetterTargetArn");
            int max = Integer.parseInt(String.valueOf(policy.get("maxReceiveCount")));
            if (target instanceof String arn && max >= 1 && max <= 1000) {
                return new Redrive(arn, max);
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new CommonError(
                "InvalidParameterValue",
                400,
                "Value "
                        + value
                        + " for parameter RedrivePolicy is invalid. Reason: Redrive policy is"
                        + " not a valid JSON map.");
    }

    static @Nullable Redrive redrive(SqsTables.Queue queue) {
        String value = queue.attributes().get("RedrivePolicy");
        return value == null || value.isEmpty() ? null : redrive(value);
    }

    static int number(SqsTables.Queue queue, String name) {
        Range range = NUMBERS.get(name);
        return Integer.parseInt(
                queue.attributes().getOrDefault(name, range == null ? "0" : range.fallback));
    }

    /// All attributes that are set or have a default.
    static Map<String, String> settled(SqsTables.Queue queue) {
        Map<String, String> all = new LinkedHashMap<>();
        NUMBERS.forEach((name, range) -> all.put(name, range.fallback));
        all.put("SqsManagedSseEnabled", "true");
        all.putAll(queue.attributes());
        all.values().removeIf(String::isEmpty);
        return all;
    }
}
