package dev.freehold.services.sqs;

import dev.freehold.api.sqs.InvalidAttributeName;
import dev.freehold.api.sqs.InvalidAttributeValue;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.json.Json;
import dev.freehold.services.sqs.SqsTables.Queue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the attributes of a queue may be.
///
/// See
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>.
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

    /// What GetQueueAttributes may ask for beside what can be set.
    private static final Set<String> READ_ONLY =
            Set.of(
                    "All",
                    "QueueArn",
                    "CreatedTimestamp",
                    "LastModifiedTimestamp",
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed");

    private static final Set<String> FLAGS =
            Set.of("FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled");
    private static final Set<String> DOCUMENTS =
            Set.of("Policy", "RedrivePolicy", "RedriveAllowPolicy");
    private static final Set<String> FIFO_ONLY =
            Set.of("DeduplicationScope", "FifoThroughputLimit");
    private static final Set<String> KMS = Set.of("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds");

    private Attributes() {}

    /// Checks the attributes of a new queue.
    static void checkNew(String name, Map<String, String> attributes) {
        boolean fifo = name.endsWith(".fifo");
        String wanted = attributes.get("FifoQueue");
        if (wanted != null && !wanted.equalsIgnoreCase("true")) {
            throw wanted.equalsIgnoreCase("false")
                    ? new InvalidAttributeName("Unknown Attribute FifoQueue.")
                    : invalid("FifoQueue");
        }
        if (wanted != null && !name.matches("[a-zA-Z0-9_-]{1,75}\\.fifo")) {
            throw Refused.value(
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens,"
                            + " or underscores, must end with .fifo suffix and be 1 to 80 in"
                            + " length.");
        }
        if (wanted == null && !name.matches("[a-zA-Z0-9_-]{1,80}")) {
            throw Refused.value(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in"
                            + " length");
        }
        Map<String, String> others = new LinkedHashMap<>(attributes);
        others.remove("FifoQueue");
        check(others, fifo);
    }

    /// Checks what is to be set.
    ///
    /// @throws InvalidAttributeName when there is none of that name in such a queue
    static void check(Map<String, String> attributes, boolean fifo) {
        attributes.forEach((name, value) -> check(name, value, fifo));
        // High throughput needs both.
        boolean perGroup = "perMessageGroupId".equals(attributes.get("FifoThroughputLimit"));
        if (perGroup && "queue".equals(attributes.get("DeduplicationScope"))) {
            throw new InvalidAttributeValue(
                    "The perMessageGroupId value is allowed only when the value for"
                            + " DeduplicationScope is messageGroup.");
        }
    }

    private static void check(String name, String value, boolean fifo) {
        Range range = NUMBERS.get(name);
        if (range != null) {
            number(name, value, range);
        } else if (FLAGS.contains(name)) {
            flag(name, value, fifo);
        } else if (FIFO_ONLY.contains(name)) {
            fifoOnly(name, value, fifo);
        } else if (KMS.contains(name)) {
            if (!value.isEmpty()) {
                throw new NotImplementedError("Encryption of queues with a KMS key");
            }
        } else if (!DOCUMENTS.contains(name)) {
            throw new InvalidAttributeName("Unknown Attribute " + name + ".");
        } else if (!value.isEmpty()) {
            document(name, value);
        }
    }

    /// The attributes as they are kept: flags in lower case, whatever a client wrote.
    static Map<String, String> kept(Map<String, String> attributes) {
        Map<String, String> kept = new LinkedHashMap<>(attributes);
        kept.replaceAll((name, value) ->
                FLAGS.contains(name) ? value.toLowerCase(java.util.Locale.ROOT) : value);
        return kept;
    }

    private static void flag(String name, String value, boolean fifo) {
        if (name.equals("FifoQueue") && fifo) {
            throw new InvalidAttributeValue(
                    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not"
                            + " supported.");
        }
        if (!name.equals("SqsManagedSseEnabled") && !fifo) {
            throw new InvalidAttributeName("Unknown Attribute " + name + ".");
        }
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw invalid(name);
        }
    }

    private static void fifoOnly(String name, String value, boolean fifo) {
        if (!fifo) {
            throw new InvalidAttributeName(
                    "You can specify the " + name + " only when FifoQueue is set to true.");
        }
        Set<String> allowed =
                name.equals("DeduplicationScope")
                        ? Set.of("messageGroup", "queue")
                        : Set.of("perQueue", "perMessageGroupId");
        if (!allowed.contains(value)) {
            throw invalid(name);
        }
    }

    private static InvalidAttributeValue invalid(String name) {
        return new InvalidAttributeValue("Invalid value for the parameter " + name + ".");
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
        throw invalid(name);
    }

    private static void document(String name, String value) {
        switch (name) {
            case "RedrivePolicy" -> redrive(value);
            case "RedriveAllowPolicy" -> allow(value);
            default -> {
                try {
                    PolicyParser.parse(value, PolicyParser.Kind.RESOURCE);
                } catch (MalformedPolicyException e) {
                    throw invalid(name);
                }
            }
        }
    }

    /// Where messages go that were received too often.
    record Redrive(String target, int maxReceives) {}

    private static Redrive redrive(String value) {
        Map<String, @Nullable Object> policy = members(value, "RedrivePolicy", "Redrive policy");
        Object target = policy.get("deadLetterTargetArn");
        Object max = policy.get("maxReceiveCount");
        if (target == null) {
            throw redriveWrong(
                    value,
                    "Redrive policy does not contain mandatory attribute:"
                            + " deadLetterTargetArn.");
        }
        if (max == null) {
            throw redriveWrong(
                    value, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        }
        if (policy.size() > 2) {
            throw redriveWrong(
                    value,
                    "Only following attributes are supported:"
                            + " [deadLetterTargetArn, maxReceiveCount].");
        }
        Arn arn = Arn.parse(target.toString());
        if (arn == null || !arn.service().equals("sqs")) {
            throw redriveWrong(value, "Invalid value for deadLetterTargetArn.");
        }
        try {
            int count = Integer.parseInt(max.toString());
            if (count >= 1 && count <= 1000) {
                return new Redrive(arn.toString(), count);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw redriveWrong(
                value,
                "Invalid value for maxReceiveCount: "
                        + max
                        + ", valid values are from 1 to 1000 both inclusive.");
    }

    private static Refused redriveWrong(String value, String reason) {
        return Refused.value(value, "RedrivePolicy", reason);
    }

    private static Map<String, @Nullable Object> members(String value, String name, String words) {
        try {
            return Json.readObject(value);
        } catch (IllegalArgumentException e) {
            throw Refused.value(value, name, words + " is not a valid JSON map.");
        }
    }

    /// Which queues may have this one as their dead-letter queue.
    record Allow(String permission, List<String> sources) {
        boolean permits(String source) {
            return permission.equals("allowAll")
                    || (permission.equals("byQueue") && sources.contains(source));
        }
    }

    private static Allow allow(String value) {
        Map<String, @Nullable Object> policy =
                members(value, "RedriveAllowPolicy", "Redrive allow policy");
        Object permission = policy.get("redrivePermission");
        Object sources = policy.get("sourceQueueArns");
        if (permission == null
                || !Set.of("allowAll", "denyAll", "byQueue").contains(permission.toString())) {
            throw Refused.value(
                    value,
                    "RedriveAllowPolicy",
                    "Amazon SQS can't create the redrive allow policy,"
                            + " as it's in an unsupported format.");
        }
        List<String> arns =
                sources instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of();
        boolean byQueue = permission.equals("byQueue");
        if (byQueue == arns.isEmpty() || arns.size() > 10) {
            throw Refused.value(
                    value,
                    "RedriveAllowPolicy",
                    "Amazon SQS can't create the redrive allow policy."
                            + " Each source queue ARN list must have 1 to 10 ARNs, and only for"
                            + " byQueue.");
        }
        return new Allow(permission.toString(), arns);
    }

    static Allow allow(Queue queue) {
        String value = queue.attributes().get("RedriveAllowPolicy");
        return value == null || value.isEmpty() ? new Allow("allowAll", List.of()) : allow(value);
    }

    static @Nullable Redrive redrive(Queue queue) {
        return redriveOf(queue.attributes());
    }

    static @Nullable Redrive redriveOf(Map<String, String> attributes) {
        String value = attributes.get("RedrivePolicy");
        return value == null || value.isEmpty() ? null : redrive(value);
    }

    static int number(Queue queue, String name) {
        Range range = NUMBERS.get(name);
        return Integer.parseInt(
                queue.attributes().getOrDefault(name, range == null ? "0" : range.fallback));
    }

    /// All attributes that are set or have a default.
    static Map<String, String> settled(Queue queue) {
        Map<String, String> all = new LinkedHashMap<>();
        NUMBERS.forEach((name, range) -> all.put(name, range.fallback));
        all.put("SqsManagedSseEnabled", "true");
        if (queue.fifo()) {
            all.put("ContentBasedDeduplication", "false");
            all.put("DeduplicationScope", "queue");
            all.put("FifoThroughputLimit", "perQueue");
        }
        all.putAll(queue.attributes());
        all.values().removeIf(String::isEmpty);
        return all;
    }

    /// @throws InvalidAttributeName when there is no attribute of that name to ask for
    static void checkAsked(List<String> names) {
        for (String name : names) {
            if (!READ_ONLY.contains(name)
                    && !NUMBERS.containsKey(name)
                    && !FLAGS.contains(name)
                    && !DOCUMENTS.contains(name)
                    && !FIFO_ONLY.contains(name)
                    && !KMS.contains(name)) {
                throw new InvalidAttributeName("Unknown Attribute " + name + ".");
            }
        }
    }
}
