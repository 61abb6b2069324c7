package dev.freehold.services.sns;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.json.Json;
import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.filter.Candidate;
import dev.freehold.services.sns.filter.FilterPolicy;
import dev.freehold.services.sns.filter.FilterPolicyException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a subscription's attributes may be, what they mean, and how they are shown.
final class SubscriptionAttributes {
    private SubscriptionAttributes() {}

    /// Checks one attribute.
    ///
    /// @param all the attributes of the subscription, this one included
    /// @param where what stands before the reason in the error's text
    static void check(String name, Map<String, String> all, boolean fifoTopic, String where) {
        String value = all.getOrDefault(name, "");
        switch (name) {
            case "RawMessageDelivery" -> {
                if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                    throw Invalid.parameter(
                            where
                                    + "RawMessageDelivery: Invalid value ["
                                    + value
                                    + "]. Must be true or false.");
                }
            }
            case "FilterPolicyScope" -> {
                if (!value.equals("MessageBody") && !value.equals("MessageAttributes")) {
                    throw Invalid.parameter(
                            where
                                    + "FilterPolicyScope: Invalid value ["
                                    + value
                                    + "]. Please use either MessageBody or MessageAttributes");
                }
                checkFilter(all, where);
            }
            case "FilterPolicy" -> checkFilter(all, where);
            case "DeliveryPolicy" -> DeliveryPolicies.checkSubscription(value, where);
            case "RedrivePolicy" -> checkRedrive(value, fifoTopic, where);
            case "ReplayPolicy" -> {
                if (!value.isEmpty()) {
                    throw new NotImplementedError("Replaying archived messages");
                }
            }
            case "SubscriptionRoleArn" ->
                    throw new NotImplementedError("Subscribing Firehose streams");
            default -> throw Invalid.parameter(where + "AttributeName");
        }
    }

    private static void checkFilter(Map<String, String> all, String where) {
        String policy = all.getOrDefault("FilterPolicy", "");
        if (policy.isEmpty()) {
            return;
        }
        try {
            FilterPolicy.parse(policy, ofBody(all));
        } catch (FilterPolicyException e) {
            String what = String.valueOf(e.getMessage());
            throw Invalid.parameter(e.whole() ? what : where + "FilterPolicy: " + what);
        }
    }

    private static boolean ofBody(Map<String, String> attributes) {
        return "MessageBody".equals(attributes.get("FilterPolicyScope"));
    }

    private static void checkRedrive(String value, boolean fifoTopic, String where) {
        if (value.isEmpty()) {
            return;
        }
        Object target;
        try {
            target = Json.readObject(value).get("deadLetterTargetArn");
        } catch (IllegalArgumentException e) {
            String what = String.valueOf(e.getMessage()).replace("property name", "field name");
            throw Invalid.parameter(
                    where
                            + "RedrivePolicy: failed to parse JSON. "
                            + what
                            + "\n at [Source: REDACTED"
                            + " (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1,"
                            + " column: 2]");
        }
        Arn arn = target instanceof String text ? Arn.parse(text) : null;
        if (arn == null || !arn.service().equals("sqs")) {
            throw Invalid.parameter(where + "RedrivePolicy: deadLetterTargetArn is an invalid arn");
        }
        if (fifoTopic && !arn.resource().endsWith(".fifo")) {
            throw Invalid.parameter(
                    where
                            + "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription"
                            + " to a FIFO Topic.");
        }
    }

    /// The queue that gets what can't be delivered, or null.
    static @Nullable String deadLetterArn(Subscription subscription) {
        String policy = subscription.attributes().get("RedrivePolicy");
        Object target = policy == null ? null : Json.readObject(policy).get("deadLetterTargetArn");
        return target == null ? null : target.toString();
    }

    /// Whether a subscription wants a message.
    static boolean wants(Subscription subscription, Notification told) {
        String policy = subscription.attributes().get("FilterPolicy");
        if (policy == null || policy.isEmpty() || policy.equals("{}")) {
            return true;
        }
        boolean ofBody = ofBody(subscription.attributes());
        Candidate candidate = ofBody ? Candidate.ofBody(told.message()) : ofAttributes(told);
        return candidate != null && FilterPolicy.parse(policy, ofBody).matches(candidate);
    }

    private static Candidate ofAttributes(Notification told) {
        Candidate candidate = new Candidate();
        told.attributes()
                .forEach((name, value) -> candidate.attribute(name, value.type(), value.printed()));
        return candidate;
    }

    static Map<String, String> view(SubscriptionKey key, Topic topic, Subscription row) {
        Map<String, String> all = new LinkedHashMap<>(row.attributes());
        all.put("SubscriptionArn", key.arn());
        all.put("TopicArn", key.topic().arn());
        all.put("Protocol", row.protocol());
        all.put("Endpoint", row.endpoint());
        all.put("Owner", row.owner());
        all.put("SubscriptionPrincipal", row.principal());
        all.put("PendingConfirmation", String.valueOf(!row.confirmed()));
        all.put("ConfirmationWasAuthenticated", String.valueOf(row.authenticated()));
        all.putIfAbsent("RawMessageDelivery", "false");
        if (all.containsKey("FilterPolicy")) {
            all.putIfAbsent("FilterPolicyScope", "MessageAttributes");
        }
        if (row.protocol().startsWith("http")) {
            String delivery = all.get("DeliveryPolicy");
            if (delivery != null) {
                all.put("DeliveryPolicy", DeliveryPolicies.subscriptionView(delivery));
            }
            all.put("EffectiveDeliveryPolicy", DeliveryPolicies.subscriptionEffective(topic, row));
        }
        return all;
    }
}
