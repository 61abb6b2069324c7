package dev.freehold.services.s3.config;

import dev.freehold.api.s3.FilterRule;
import dev.freehold.api.s3.GetBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.GetBucketNotificationConfigurationResponse;
import dev.freehold.api.s3.LambdaFunctionConfiguration;
import dev.freehold.api.s3.NotificationConfiguration;
import dev.freehold.api.s3.NotificationConfigurationFilter;
import dev.freehold.api.s3.PutBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.QueueConfiguration;
import dev.freehold.api.s3.S3KeyFilter;
import dev.freehold.api.s3.TopicConfiguration;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Destinations;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Rule;
import dev.freehold.services.s3.notify.Rule.Filter;
import dev.freehold.services.s3.notify.Rule.Target;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.wire.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bucket's notification configuration.
public final class NotificationConfigs {
    private static final int MOST_RULES = 100;

    private final Context context;
    private final Destinations destinations;
    private final Settings settings;

    public NotificationConfigs(Context context, Destinations destinations) {
        this.context = context;
        this.destinations = destinations;
        this.settings = new Settings(context.store());
    }

    public GetBucketNotificationConfigurationResponse get(
            GetBucketNotificationConfigurationRequest request) {
        List<Rule> rules =
                settings.reading(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        tx -> Notifications.rules(tx, request.bucket()));
        List<QueueConfiguration> queues = new ArrayList<>();
        List<TopicConfiguration> topics = new ArrayList<>();
        List<LambdaFunctionConfiguration> functions = new ArrayList<>();
        for (Rule rule : rules) {
            NotificationConfigurationFilter filter = shown(rule.filters());
            switch (rule.target()) {
                case QUEUE ->
                        queues.add(
                                QueueConfiguration.builder()
                                        .id(rule.id())
                                        .queueArn(rule.arn())
                                        .events(rule.events())
                                        .filter(filter)
                                        .build());
                case TOPIC ->
                        topics.add(
                                TopicConfiguration.builder()
                                        .id(rule.id())
                                        .topicArn(rule.arn())
                                        .events(rule.events())
                                        .filter(filter)
                                        .build());
                case FUNCTION ->
                        functions.add(
                                LambdaFunctionConfiguration.builder()
                                        .id(rule.id())
                                        .lambdaFunctionArn(rule.arn())
                                        .events(rule.events())
                                        .filter(filter)
                                        .build());
            }
        }
        return GetBucketNotificationConfigurationResponse.builder()
                .queueConfigurations(Output.nullIfEmpty(queues))
                .topicConfigurations(Output.nullIfEmpty(topics))
                .lambdaFunctionConfigurations(Output.nullIfEmpty(functions))
                .build();
    }

    private static @Nullable NotificationConfigurationFilter shown(List<Filter> filters) {
        if (filters.isEmpty()) {
            return null;
        }
        List<FilterRule> rules =
                filters.stream()
                        .map(f -> FilterRule.builder().name(f.name()).value(f.value()).build())
                        .toList();
        return NotificationConfigurationFilter.builder()
                .key(S3KeyFilter.builder().filterRules(rules).build())
                .build();
    }

    public void put(PutBucketNotificationConfigurationRequest request, Caller caller) {
        List<Rule> rules = rules(request.notificationConfiguration());
        requireDistinct(rules);
        Bucket bucket = settings.bucket(request.bucket(), request.expectedBucketOwner());
        if (!Boolean.TRUE.equals(request.skipDestinationValidation())) {
            Act act = Act.of(caller, context.ids().get(), context.clock().instant());
            requireDestinations(rules, bucket, act);
        }
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, _) -> Notifications.set(tx, bucket.name(), rules));
    }

    private List<Rule> rules(NotificationConfiguration asked) {
        if (asked.eventBridgeConfiguration() != null) {
            throw S3Errors.notImplemented("Notification to EventBridge");
        }
        List<Rule> rules = new ArrayList<>();
        for (QueueConfiguration queue : orEmpty(asked.queueConfigurations())) {
            rules.add(
                    rule(
                            queue.id(),
                            Target.QUEUE,
                            queue.queueArn(),
                            queue.events(),
                            queue.filter()));
        }
        for (TopicConfiguration topic : orEmpty(asked.topicConfigurations())) {
            rules.add(
                    rule(
                            topic.id(),
                            Target.TOPIC,
                            topic.topicArn(),
                            topic.events(),
                            topic.filter()));
        }
        for (LambdaFunctionConfiguration one : orEmpty(asked.lambdaFunctionConfigurations())) {
            rules.add(
                    rule(
                            one.id(),
                            Target.FUNCTION,
                            one.lambdaFunctionArn(),
                            one.events(),
                            one.filter()));
        }
        if (rules.size() > MOST_RULES) {
            throw S3Errors.malformedXml();
        }
        return rules;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private Rule rule(
            @Nullable String id,
            Target target,
            @Nullable String arn,
            @Nullable List<String> events,
            @Nullable NotificationConfigurationFilter filter) {
        if (arn == null || events == null || events.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        Arn parsed = Arn.parse(arn);
        if (parsed == null || !parsed.service().equals(target.service())) {
            throw S3Errors.invalidArgument("The ARN could not be parsed", target.argument(), arn);
        }
        List<Filter> filters = new ArrayList<>();
        List<FilterRule> given =
                filter == null || filter.key() == null ? null : filter.key().filterRules();
        for (FilterRule one : orEmpty(given)) {
            if (one.name() == null || one.value() == null) {
                throw S3Errors.malformedXml();
            }
            filters.add(Filter.of(one.name(), one.value()));
        }
        String named = id == null || id.isEmpty() ? context.ids().get() : id;
        Rule rule = new Rule(named, target, arn, events, filters);
        rule.requireKnownEvents();
        return rule;
    }

    private static void requireDistinct(List<Rule> rules) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            if (!ids.add(rules.get(i).id())) {
                throw S3Errors.invalidArgument(
                        "Same ID used for multiple configurations. IDs must be unique",
                        "Id",
                        rules.get(i).id());
            }
            for (int j = 0; j < i; j++) {
                if (rules.get(i).overlaps(rules.get(j))) {
                    throw S3Error.of(
                            400,
                            "InvalidArgument",
                            "Configuration is ambiguously defined. Cannot have overlapping suffixes"
                                    + " in two rules if the prefixes are overlapping for the same"
                                    + " event type.");
                }
            }
        }
    }

    private void requireDestinations(List<Rule> rules, Bucket bucket, Act act) {
        S3Error error =
                S3Error.of(
                        400,
                        "InvalidArgument",
                        "Unable to validate the following destination configurations");
        int count = 0;
        List<String> refusals = new ArrayList<>();
        List<String> arns = new ArrayList<>();
        String message = Notifications.testMessage(bucket, act);
        for (Rule rule : rules) {
            String refusal = destinations.refusal(rule, bucket, message, act.cause().requestId());
            if (refusal != null) {
                refusals.add(refusal);
                // AWS: a function is named with its version, which is null.
                arns.add(rule.arn() + (rule.target() == Target.FUNCTION ? ", null" : ""));
            }
        }
        for (String arn : arns) {
            count++;
            error =
                    error.with("ArgumentName" + count, arn)
                            .with("ArgumentValue" + count, refusals.get(count - 1));
        }
        if (count > 0) {
            throw error;
        }
    }
}
