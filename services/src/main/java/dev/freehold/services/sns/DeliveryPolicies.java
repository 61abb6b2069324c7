package dev.freehold.services.sns;

import dev.freehold.services.json.Json;
import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.Topic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a delivery that failed is tried again: what topics and subscriptions say of HTTP endpoints,
/// and AWS's own schedule for the endpoints that AWS manages.
///
/// See <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>.
final class DeliveryPolicies {
    static final String DEFAULT_CONTENT_TYPE = "text/plain; charset=UTF-8";

    private static final int MAX_RETRIES = 100;
    private static final int MAX_DELAY_SECONDS = 3600;
    private static final Set<String> BACKOFFS =
            Set.of("linear", "arithmetic", "geometric", "exponential");
    private static final Map<String, Object> DEFAULT_RETRY = new LinkedHashMap<>();

    static {
        DEFAULT_RETRY.put("minDelayTarget", 20);
        DEFAULT_RETRY.put("maxDelayTarget", 20);
        DEFAULT_RETRY.put("numRetries", 3);
        DEFAULT_RETRY.put("numMaxDelayRetries", 0);
        DEFAULT_RETRY.put("numNoDelayRetries", 0);
        DEFAULT_RETRY.put("numMinDelayRetries", 0);
        DEFAULT_RETRY.put("backoffFunction", "linear");
    }

    /// A schedule of retries in its phases: at once, after the least pause, growing, after the
    /// longest pause.
    record Schedule(
            int retries,
            int withoutDelay,
            int withMinDelay,
            int withMaxDelay,
            Duration min,
            Duration max,
            String backoff) {
        /// For queues and functions: 100,015 attempts over 23 days.
        static final Schedule MANAGED =
                new Schedule(
                        100_015,
                        3,
                        2,
                        100_000,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(20),
                        "exponential");

        /// The pause before a retry.
        ///
        /// @param retry its number, from 1
        Duration pause(int retry) {
            if (retry <= withoutDelay) {
                return Duration.ZERO;
            }
            int at = retry - withoutDelay;
            if (at <= withMinDelay) {
                return min;
            }
            int growing = Math.max(retries - withoutDelay - withMinDelay - withMaxDelay, 0);
            int step = at - withMinDelay;
            return step > growing ? max : grown(step, growing);
        }

        private Duration grown(int step, int steps) {
            double part = steps <= 1 ? 1 : (step - 1) / (double) (steps - 1);
            double low = min.toMillis();
            double high = max.toMillis();
            double millis =
                    switch (backoff) {
                        case "geometric" -> low * Math.pow(high / low, part);
                        case "exponential" ->
                                low + (high - low) * (Math.pow(2, part * 10) - 1) / 1023;
                        case "arithmetic" -> low + (high - low) * part * (part + 1) / 2;
                        default -> low + (high - low) * part;
                    };
            return Duration.ofMillis(Math.round(millis));
        }
    }

    private DeliveryPolicies() {}

    /// The schedule of an HTTP subscription.
    static Schedule http(Topic topic, Subscription subscription) {
        Map<String, Object> retry = retry(topic, subscription);
        return new Schedule(
                number(retry, "numRetries"),
                number(retry, "numNoDelayRetries"),
                number(retry, "numMinDelayRetries"),
                number(retry, "numMaxDelayRetries"),
                Duration.ofSeconds(number(retry, "minDelayTarget")),
                Duration.ofSeconds(number(retry, "maxDelayTarget")),
                String.valueOf(retry.get("backoffFunction")));
    }

    private static Map<String, Object> retry(Topic topic, Subscription subscription) {
        Map<String, @Nullable Object> ofTopic = http(topic.attributes().get("DeliveryPolicy"));
        Map<String, @Nullable Object> own = object(subscription.attributes().get("DeliveryPolicy"));
        boolean mayOverride = !Boolean.TRUE.equals(ofTopic.get("disableSubscriptionOverrides"));
        Object retry = mayOverride ? own.get("healthyRetryPolicy") : null;
        return filled(retry == null ? ofTopic.get("defaultHealthyRetryPolicy") : retry);
    }

    /// The content type that an HTTP subscription's requests have.
    static String contentType(Topic topic, Subscription subscription) {
        Map<String, @Nullable Object> ofTopic = http(topic.attributes().get("DeliveryPolicy"));
        Map<String, @Nullable Object> own = object(subscription.attributes().get("DeliveryPolicy"));
        Object request = own.get("requestPolicy");
        Object type = members(request).get("headerContentType");
        if (type == null) {
            type = members(ofTopic.get("defaultRequestPolicy")).get("headerContentType");
        }
        return type == null ? DEFAULT_CONTENT_TYPE : type.toString();
    }

    private static Map<String, Object> filled(@Nullable Object retry) {
        Map<String, Object> all = new LinkedHashMap<>(DEFAULT_RETRY);
        members(retry)
                .forEach((name, value) -> {
                    if (value != null) {
                        all.put(name, value);
                    }
                });
        return all;
    }

    private static int number(Map<String, Object> members, String name) {
        return members.get(name) instanceof Number number ? number.intValue() : 0;
    }

    private static Map<String, @Nullable Object> http(@Nullable String policy) {
        return members(object(policy).get("http"));
    }

    private static Map<String, @Nullable Object> object(@Nullable String text) {
        return text == null || text.isEmpty() ? new LinkedHashMap<>() : Json.readObject(text);
    }

    private static Map<String, @Nullable Object> members(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }

    /// A topic's policy as it is shown: what was set, and that subscriptions may override it.
    static String topicView(String policy) {
        Map<String, @Nullable Object> http = http(policy);
        http.putIfAbsent("disableSubscriptionOverrides", false);
        http.values().removeIf(value -> value == null);
        return Json.write(Map.of("http", http));
    }

    /// A topic's policy with the defaults.
    static String topicEffective(@Nullable String policy) {
        Map<String, @Nullable Object> set = http(policy);
        Map<String, @Nullable Object> http = new LinkedHashMap<>(set);
        http.put("defaultHealthyRetryPolicy", filled(set.get("defaultHealthyRetryPolicy")));
        http.putIfAbsent("disableSubscriptionOverrides", false);
        Map<String, @Nullable Object> request = members(set.get("defaultRequestPolicy"));
        request.putIfAbsent("headerContentType", DEFAULT_CONTENT_TYPE);
        http.put("defaultRequestPolicy", request);
        return Json.write(Map.of("http", http));
    }

    /// A subscription's policy as it is shown.
    static String subscriptionView(String policy) {
        Map<String, @Nullable Object> set = object(policy);
        return Json.write(shown(set, set.get("healthyRetryPolicy"), set.get("requestPolicy")));
    }

    /// A subscription's policy with those of its topic and the defaults.
    static String subscriptionEffective(Topic topic, Subscription subscription) {
        Map<String, @Nullable Object> set = object(subscription.attributes().get("DeliveryPolicy"));
        Map<String, String> request = Map.of("headerContentType", contentType(topic, subscription));
        return Json.write(shown(set, retry(topic, subscription), request));
    }

    private static Map<String, @Nullable Object> shown(
            Map<String, @Nullable Object> set, @Nullable Object retry, @Nullable Object request) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("healthyRetryPolicy", retry == null ? null : filled(retry));
        all.put("sicklyRetryPolicy", set.get("sicklyRetryPolicy"));
        all.put("throttlePolicy", set.get("throttlePolicy"));
        all.put("requestPolicy", request);
        all.put("guaranteed", set.getOrDefault("guaranteed", false));
        return all;
    }

    static void checkTopic(String value, String where) {
        if (value.isEmpty()) {
            return;
        }
        try {
            Map<String, @Nullable Object> policy = Json.readObject(value);
            checkRetry(members(policy.get("http")).get("defaultHealthyRetryPolicy"), where);
        } catch (IllegalArgumentException e) {
            throw Invalid.parameter(where + "DeliveryPolicy: failed to parse JSON.");
        }
    }

    static void checkSubscription(String value, String where) {
        if (value.isEmpty()) {
            return;
        }
        try {
            checkRetry(Json.readObject(value).get("healthyRetryPolicy"), where);
        } catch (IllegalArgumentException e) {
            throw Invalid.parameter(where + "DeliveryPolicy: failed to parse JSON.");
        }
    }

    private static void checkRetry(@Nullable Object value, String where) {
        if (value == null) {
            return;
        }
        Map<String, Object> retry = filled(value);
        int min = number(retry, "minDelayTarget");
        int max = number(retry, "maxDelayTarget");
        int retries = number(retry, "numRetries");
        int phases =
                number(retry, "numNoDelayRetries")
                        + number(retry, "numMinDelayRetries")
                        + number(retry, "numMaxDelayRetries");
        range(where, "minDelayTarget", min, 1, MAX_DELAY_SECONDS);
        range(where, "maxDelayTarget", max, 1, MAX_DELAY_SECONDS);
        range(where, "numRetries", retries, 0, MAX_RETRIES);
        if (min > max) {
            throw Invalid.parameter(
                    where + "DeliveryPolicy: minDelayTarget must be less than maxDelayTarget");
        }
        if (phases > retries) {
            throw Invalid.parameter(
                    where
                            + "DeliveryPolicy: numRetries must be greater than or equal to the sum"
                            + " of numNoDelayRetries, numMinDelayRetries and numMaxDelayRetries");
        }
        if (!BACKOFFS.contains(String.valueOf(retry.get("backoffFunction")))) {
            throw Invalid.parameter(where + "DeliveryPolicy: invalid backoffFunction");
        }
    }

    private static void range(String where, String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw Invalid.parameter(
                    where + "DeliveryPolicy: " + name + " must be between " + min + " and " + max);
        }
    }
}
