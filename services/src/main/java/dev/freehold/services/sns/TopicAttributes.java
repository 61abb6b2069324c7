package dev.freehold.services.sns;

import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What a topic's attributes may be, and what `GetTopicAttributes` answers.
final class TopicAttributes {
    private static final int MAX_DISPLAY_NAME = 100;
    private static final int MAX_POLICY_BYTES = 30_720;
    private static final Set<String> FIFO = Set.of("ContentBasedDeduplication", "FifoTopic");

    private TopicAttributes() {}

    /// Checks the attributes of a new topic.
    static void checkNew(String name, Map<String, String> attributes) {
        boolean fifo = name.endsWith(".fifo");
        if (fifo != "true".equalsIgnoreCase(attributes.get("FifoTopic"))) {
            throw Invalid.parameter("Topic Name");
        }
        attributes.forEach((attribute, value) -> {
            if (!attribute.equals("FifoTopic") || !fifo) {
                check(attribute, value, fifo, "Attributes Reason: ");
            }
        });
    }

    /// Checks one attribute.
    ///
    /// @param where what stands before the reason in the error's text
    static void check(String name, String value, boolean fifo, String where) {
        switch (name) {
            case "DisplayName" -> {
                if (value.length() > MAX_DISPLAY_NAME) {
                    throw Invalid.parameter(where + "DisplayName");
                }
            }
            case "Policy" -> {
                if (value.getBytes(StandardCharsets.UTF_8).length > MAX_POLICY_BYTES) {
                    throw Invalid.parameter(where + "Policy");
                }
                TopicPolicy.check(value);
            }
            case "DeliveryPolicy" -> DeliveryPolicies.checkTopic(value, where);
            case "SignatureVersion" -> oneOf(name, value, where, Set.of("1", "2"));
            case "TracingConfig" -> oneOf(name, value, where, Set.of("PassThrough", "Active"));
            case "ContentBasedDeduplication", "FifoTopic" -> {
                oneOf(name, value, where, Set.of("true", "false"));
                if (!fifo && value.equals("true")) {
                    throw Invalid.parameter(where + "Unknown attribute " + name);
                }
            }
            case "FifoThroughputScope" -> {
                oneOf(name, value, where, Set.of("Topic", "MessageGroup"));
                if (!fifo) {
                    throw Invalid.parameter(where + "Unknown attribute " + name);
                }
            }
            case "KmsMasterKeyId" -> {
                if (!value.isEmpty()) {
                    throw new NotImplementedError("Encryption of topics with a KMS key");
                }
            }
            case "ArchivePolicy" -> {
                if (!value.isEmpty() && !value.equals("{}")) {
                    throw new NotImplementedError("Archiving of topics");
                }
            }
            default -> refuseUnknown(name, where);
        }
    }

    private static void refuseUnknown(String name, String where) {
        if (name.endsWith("FeedbackRoleArn") || name.endsWith("FeedbackSampleRate")) {
            throw new NotImplementedError("Logging the status of deliveries (" + name + ")");
        }
        throw where.isEmpty()
                ? Invalid.parameter("AttributeName")
                : Invalid.parameter(where + "Unknown attribute " + name);
    }

    private static void oneOf(String name, String value, String where, Set<String> allowed) {
        if (!allowed.contains(value)) {
            throw Invalid.parameter(where + name + ": Invalid value [" + value + "]");
        }
    }

    /// All attributes; counts are added by the caller.
    static Map<String, String> view(TopicKey key, Topic topic) {
        Map<String, String> all = new LinkedHashMap<>();
        topic.attributes()
                .forEach((name, value) -> {
                    if (!value.isEmpty() && (key.fifo() || !FIFO.contains(name))) {
                        all.put(name, value);
                    }
                });
        if (key.fifo()) {
            all.put("FifoTopic", "true");
            all.putIfAbsent("ContentBasedDeduplication", "false");
        }
        all.putIfAbsent("DisplayName", "");
        all.put("Owner", key.account());
        all.put("TopicArn", key.arn());
        all.put("Policy", TopicPolicy.of(key, topic));
        String delivery = topic.attributes().get("DeliveryPolicy");
        if (delivery == null || delivery.isEmpty() || delivery.equals("{}")) {
            all.remove("DeliveryPolicy");
        } else {
            all.put("DeliveryPolicy", DeliveryPolicies.topicView(delivery));
        }
        all.put("EffectiveDeliveryPolicy", DeliveryPolicies.topicEffective(delivery));
        return all;
    }
}
