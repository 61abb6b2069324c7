package dev.freehold.services.s3.notify;

import dev.freehold.services.s3.error.S3Errors;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One line of a bucket's notification configuration.
///
/// @param id its name, which its events carry
/// @param target what kind of thing is told
/// @param arn the ARN of the queue, topic or function
/// @param events the event types, such as `s3:ObjectCreated:*`
/// @param filters what keys must begin or end with
public record Rule(
        String id, Target target, String arn, List<String> events, List<Filter> filters) {
    private static final Set<String> EVENTS =
            Set.of(
                    "s3:ReducedRedundancyLostObject",
                    "s3:ObjectCreated:*",
                    "s3:ObjectCreated:Put",
                    "s3:ObjectCreated:Post",
                    "s3:ObjectCreated:Copy",
                    "s3:ObjectCreated:CompleteMultipartUpload",
                    "s3:ObjectRemoved:*",
                    "s3:ObjectRemoved:Delete",
                    "s3:ObjectRemoved:DeleteMarkerCreated",
                    "s3:ObjectRestore:*",
                    "s3:ObjectRestore:Post",
                    "s3:ObjectRestore:Completed",
                    "s3:ObjectRestore:Delete",
                    "s3:Replication:*",
                    "s3:Replication:OperationFailedReplication",
                    "s3:Replication:OperationNotTracked",
                    "s3:Replication:OperationMissedThreshold",
                    "s3:Replication:OperationReplicatedAfterThreshold",
                    "s3:LifecycleTransition",
                    "s3:IntelligentTiering",
                    "s3:ObjectAcl:Put",
                    "s3:LifecycleExpiration:*",
                    "s3:LifecycleExpiration:Delete",
                    "s3:LifecycleExpiration:DeleteMarkerCreated",
                    "s3:ObjectTagging:*",
                    "s3:ObjectTagging:Put",
                    "s3:ObjectTagging:Delete");

    public Rule {
        events = List.copyOf(events);
        filters = List.copyOf(filters);
    }

    /// What can be told. The order is permanent: rows hold ordinals.
    public enum Target {
        QUEUE("sqs", "Queue"),
        TOPIC("sns", "Topic"),
        FUNCTION("lambda", "CloudFunction");

        private final String service;
        private final String argument;

        Target(String service, String argument) {
            this.service = service;
            this.argument = argument;
        }

        /// The service that its ARNs name.
        public String service() {
            return service;
        }

        /// How errors name the ARN's place.
        public String argument() {
            return argument;
        }
    }

    /// A demand on keys.
    ///
    /// @param name `Prefix` or `Suffix`
    public record Filter(String name, String value) {
        /// The filter of a request, with its name as AWS writes it.
        public static Filter of(String name, String value) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "prefix" -> new Filter("Prefix", value);
                case "suffix" -> new Filter("Suffix", value);
                default ->
                        throw S3Errors.invalidArgument(
                                "filter rule name must be either prefix or suffix",
                                "FilterRule.Name",
                                name);
            };
        }
    }

    /// Refuses event types that S3 doesn't have.
    public void requireKnownEvents() {
        for (String event : events) {
            if (!EVENTS.contains(event)) {
                throw S3Errors.invalidArgument(
                        "A specified event is not supported for notifications.", "Event", event);
            }
        }
    }

    /// Whether a change is to be told.
    ///
    /// @param event without `s3:`, such as `ObjectCreated:Put`
    public boolean wants(String event, String key) {
        return events.stream().anyMatch(wanted -> covers(wanted, "s3:" + event))
                && key.startsWith(value("Prefix"))
                && key.endsWith(value("Suffix"));
    }

    /// Whether some change would be told by both, which S3 refuses.
    public boolean overlaps(Rule other) {
        return events.stream()
                        .anyMatch(mine -> other.events.stream().anyMatch(one -> met(mine, one)))
                && either(value("Prefix"), other.value("Prefix"), String::startsWith)
                && either(value("Suffix"), other.value("Suffix"), String::endsWith);
    }

    private String value(String name) {
        for (Filter filter : filters) {
            if (filter.name().equals(name)) {
                return filter.value();
            }
        }
        return "";
    }

    private static boolean met(String first, String second) {
        return covers(first, second) || covers(second, first);
    }

    private static boolean covers(String wanted, String event) {
        return wanted.endsWith("*")
                ? event.startsWith(wanted.substring(0, wanted.length() - 1))
                : wanted.equals(event);
    }

    private static boolean either(
            String first, String second, java.util.function.BiPredicate<String, String> has) {
        return has.test(first, second) || has.test(second, first);
    }
}
