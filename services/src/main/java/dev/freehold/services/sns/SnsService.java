package dev.freehold.services.sns;

import dev.freehold.api.sns.AddPermissionRequest;
import dev.freehold.api.sns.AddPermissionResponse;
import dev.freehold.api.sns.AuthorizationErrorException;
import dev.freehold.api.sns.BatchEntryIdsNotDistinctException;
import dev.freehold.api.sns.BatchRequestTooLongException;
import dev.freehold.api.sns.BatchResultErrorEntry;
import dev.freehold.api.sns.ConfirmSubscriptionRequest;
import dev.freehold.api.sns.ConfirmSubscriptionResponse;
import dev.freehold.api.sns.CreateTopicRequest;
import dev.freehold.api.sns.CreateTopicResponse;
import dev.freehold.api.sns.DeleteTopicRequest;
import dev.freehold.api.sns.DeleteTopicResponse;
import dev.freehold.api.sns.EmptyBatchRequestException;
import dev.freehold.api.sns.GetSubscriptionAttributesRequest;
import dev.freehold.api.sns.GetSubscriptionAttributesResponse;
import dev.freehold.api.sns.GetTopicAttributesRequest;
import dev.freehold.api.sns.GetTopicAttributesResponse;
import dev.freehold.api.sns.InvalidBatchEntryIdException;
import dev.freehold.api.sns.InvalidParameterValueException;
import dev.freehold.api.sns.ListSubscriptionsByTopicRequest;
import dev.freehold.api.sns.ListSubscriptionsByTopicResponse;
import dev.freehold.api.sns.ListSubscriptionsRequest;
import dev.freehold.api.sns.ListSubscriptionsResponse;
import dev.freehold.api.sns.ListTagsForResourceRequest;
import dev.freehold.api.sns.ListTagsForResourceResponse;
import dev.freehold.api.sns.ListTopicsRequest;
import dev.freehold.api.sns.ListTopicsResponse;
import dev.freehold.api.sns.PublishBatchRequest;
import dev.freehold.api.sns.PublishBatchRequestEntry;
import dev.freehold.api.sns.PublishBatchResponse;
import dev.freehold.api.sns.PublishBatchResultEntry;
import dev.freehold.api.sns.PublishRequest;
import dev.freehold.api.sns.PublishResponse;
import dev.freehold.api.sns.RemovePermissionRequest;
import dev.freehold.api.sns.RemovePermissionResponse;
import dev.freehold.api.sns.SetSubscriptionAttributesRequest;
import dev.freehold.api.sns.SetSubscriptionAttributesResponse;
import dev.freehold.api.sns.SetTopicAttributesRequest;
import dev.freehold.api.sns.SetTopicAttributesResponse;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sns.SubscribeRequest;
import dev.freehold.api.sns.SubscribeResponse;
import dev.freehold.api.sns.Subscription;
import dev.freehold.api.sns.Tag;
import dev.freehold.api.sns.TagResourceRequest;
import dev.freehold.api.sns.TagResourceResponse;
import dev.freehold.api.sns.TooManyEntriesInBatchRequestException;
import dev.freehold.api.sns.Topic;
import dev.freehold.api.sns.UnsubscribeRequest;
import dev.freehold.api.sns.UnsubscribeResponse;
import dev.freehold.api.sns.UntagResourceRequest;
import dev.freehold.api.sns.UntagResourceResponse;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.sns.Publishing.Checked;
import dev.freehold.services.sns.Publishing.Draft;
import dev.freehold.services.sns.Publishing.Published;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The front of SNS: a method per operation.
public final class SnsService implements SnsApi {
    private static final int PAGE = 100;
    private static final int MAX_BATCH = 10;
    private static final int MAX_ENTRY_ID = 80;

    private final Store store;
    private final Topics topics;
    private final Subscriptions subscriptions;
    private final Publishing publishing;

    /// @param ids makes UUIDs
    public SnsService(
            Store store, Deliveries deliveries, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.topics = new Topics(store);
        this.subscriptions = new Subscriptions(store, clock, ids, deliveries);
        this.publishing = new Publishing(store, clock, ids, new Fanout(deliveries));
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        topics.change(
                key,
                topic -> {
                    String policy = TopicPolicy.of(key, topic);
                    return topic.with(
                            "Policy",
                            TopicPolicy.add(
                                    key, policy, in.label(), in.awsAccountId(), in.actionName()));
                });
        return AddPermissionResponse.builder().build();
    }

    @Override
    public ConfirmSubscriptionResponse confirmSubscription(
            ConfirmSubscriptionRequest in, Caller caller) {
        boolean signed = !(caller.principal() instanceof Principal.Anonymous);
        String asked = in.authenticateOnUnsubscribe();
        SubscriptionKey key =
                subscriptions.confirm(
                        in.topicArn(),
                        in.token(),
                        asked == null ? signed : signed && asked.equalsIgnoreCase("true"));
        return ConfirmSubscriptionResponse.builder().subscriptionArn(key.arn()).build();
    }

    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest in, Caller caller) {
        return CreateTopicResponse.builder().topicArn(topics.create(in, caller).arn()).build();
    }

    @Override
    public DeleteTopicResponse deleteTopic(DeleteTopicRequest in, Caller caller) {
        topics.delete(Invalid.topic(in.topicArn(), caller));
        return DeleteTopicResponse.builder().build();
    }

    @Override
    public GetSubscriptionAttributesResponse getSubscriptionAttributes(
            GetSubscriptionAttributesRequest in, Caller caller) {
        SubscriptionKey key = Invalid.subscription(in.subscriptionArn(), caller);
        return store.read(tx -> {
            SnsTables.Subscription row = tx.get(SnsTables.SUBSCRIPTIONS, key);
            SnsTables.Topic topic = tx.get(SnsTables.TOPICS, key.topic());
            if (row == null || topic == null) {
                throw Invalid.noSubscription();
            }
            return GetSubscriptionAttributesResponse.builder()
                    .attributes(SubscriptionAttributes.view(key, topic, row))
                    .build();
        });
    }

    @Override
    public GetTopicAttributesResponse getTopicAttributes(
            GetTopicAttributesRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        return GetTopicAttributesResponse.builder().attributes(topics.attributes(key)).build();
    }

    @Override
    public ListSubscriptionsResponse listSubscriptions(ListSubscriptionsRequest in, Caller caller) {
        KeyRange all = KeyRange.prefix(out -> out.string(caller.account()).string(caller.region()));
        Page<Subscription> page =
                page(SnsTables.SUBSCRIPTIONS, after(all, in.nextToken()), SnsService::view);
        return ListSubscriptionsResponse.builder()
                .subscriptions(page.elements)
                .nextToken(page.next)
                .build();
    }

    @Override
    public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(
            ListSubscriptionsByTopicRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        topics.require(key);
        KeyRange all = SnsTables.ofTopic(key);
        Page<Subscription> page =
                page(SnsTables.SUBSCRIPTIONS, after(all, in.nextToken()), SnsService::view);
        return ListSubscriptionsByTopicResponse.builder()
                .subscriptions(page.elements)
                .nextToken(page.next)
                .build();
    }

    private static Subscription view(Map.Entry<SubscriptionKey, SnsTables.Subscription> entry) {
        SubscriptionKey key = entry.getKey();
        SnsTables.Subscription row = entry.getValue();
        return Subscription.builder()
                .subscriptionArn(row.confirmed() ? key.arn() : "PendingConfirmation")
                .owner(row.owner())
                .protocol(row.protocol())
                .endpoint(row.endpoint())
                .topicArn(key.topic().arn())
                .build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(
            ListTagsForResourceRequest in, Caller caller) {
        List<Tag> tags = new ArrayList<>();
        topics.tags(Invalid.topic(in.resourceArn(), "ResourceArn", caller))
                .forEach((key, value) -> tags.add(Tag.builder().key(key).value(value).build()));
        return ListTagsForResourceResponse.builder().tags(tags).build();
    }

    @Override
    public ListTopicsResponse listTopics(ListTopicsRequest in, Caller caller) {
        KeyRange all = KeyRange.prefix(out -> out.string(caller.account()).string(caller.region()));
        Page<Topic> page =
                page(
                        SnsTables.TOPICS,
                        after(all, in.nextToken()),
                        entry -> Topic.builder().topicArn(entry.getKey().arn()).build());
        return ListTopicsResponse.builder().topics(page.elements).nextToken(page.next).build();
    }

    /// A page of a listing, and where the next begins.
    private record Page<T>(List<T> elements, @Nullable String next) {}

    private <K, V, T> Page<T> page(
            Table<K, V> table, KeyRange range, Function<Map.Entry<K, V>, T> view) {
        return store.read(tx -> {
            List<T> elements = new ArrayList<>();
            K last = null;
            try (Cursor<K, V> cursor = tx.scan(table, range, PAGE + 1)) {
                while (cursor.next()) {
                    if (elements.size() == PAGE) {
                        return new Page<>(elements, token(last));
                    }
                    last = cursor.key();
                    elements.add(view.apply(Map.entry(cursor.key(), cursor.value())));
                }
            }
            return new Page<>(elements, null);
        });
    }

    private static String token(@Nullable Object last) {
        String arn =
                switch (last) {
                    case SubscriptionKey key -> key.arn();
                    case TopicKey key -> key.arn();
                    case null, default -> throw new IllegalStateException("no key: " + last);
                };
        return Base64.getEncoder().encodeToString(arn.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyRange after(KeyRange range, @Nullable String token) {
        if (token == null || token.isEmpty()) {
            return range;
        }
        try {
            String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            SubscriptionKey subscription = SubscriptionKey.parse(text);
            if (subscription != null) {
                return range.startingAfter(subscription::write);
            }
            Arn arn = Arn.parse(text);
            if (arn != null) {
                return range.startingAfter(TopicKey.of(arn)::write);
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw Invalid.parameter("nextToken");
    }

    @Override
    public PublishResponse publish(PublishRequest in, Caller caller) {
        if (in.phoneNumber() != null) {
            if (!in.phoneNumber().matches("\\+?[0-9]{1,20}")) {
                throw Invalid.parameter(
                        "PhoneNumber Reason: " + in.phoneNumber() + " is not valid to publish to");
            }
            throw new NotImplementedError("Sending text messages (PhoneNumber)");
        }
        TopicKey key = target(in, caller);
        Draft draft =
                new Draft(
                        in.message(),
                        in.subject(),
                        in.messageStructure(),
                        in.messageAttributes(),
                        in.messageDeduplicationId(),
                        in.messageGroupId(),
                        caller.facts().get(Caller.TRACE_HEADER));
        Checked checked = Publishing.check(key, topics.require(key), draft, "");
        Published published = publishing.publish(key, List.of(checked), caller).getFirst();
        return PublishResponse.builder()
                .messageId(published.messageId())
                .sequenceNumber(published.sequence())
                .build();
    }

    private static TopicKey target(PublishRequest in, Caller caller) {
        if (in.topicArn() != null) {
            return Invalid.topic(in.topicArn(), caller);
        }
        String target = in.targetArn();
        if (target == null) {
            throw Invalid.parameter("TopicArn or TargetArn Reason: no value for required parameter");
        }
        if (target.contains(":endpoint/")) {
            Invalid.arn(target, "TargetArn");
            throw Invalid.parameter(
                    "TargetArn Reason: No endpoint found for the target arn specified");
        }
        return Invalid.topic(target, "TargetArn", caller);
    }

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        List<PublishBatchRequestEntry> entries =
                in.publishBatchRequestEntries() == null
                        ? List.of()
                        : in.publishBatchRequestEntries();
        checkBatch(entries);
        SnsTables.Topic topic = topics.require(key);
        List<String> goodIds = new ArrayList<>();
        List<Checked> good = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            PublishBatchRequestEntry entry = entries.get(i);
            String path = "publishBatchRequestEntries." + (i + 1) + ".member.";
            try {
                good.add(Publishing.check(key, topic, draft(entry, caller), path));
                goodIds.add(entry.id());
            } catch (CommonError | InvalidParameterValueException e) {
                throw e;
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        if (good.stream().mapToInt(Checked::size).sum() > Publishing.MAX_BYTES) {
            throw new BatchRequestTooLongException(
                    "The length of all the messages put together is more than the limit.");
        }
        List<PublishBatchResultEntry> done = new ArrayList<>();
        List<Published> published =
                good.isEmpty() ? List.of() : publishing.publish(key, good, caller);
        for (int i = 0; i < published.size(); i++) {
            done.add(
                    PublishBatchResultEntry.builder()
                            .id(goodIds.get(i))
                            .messageId(published.get(i).messageId())
                            .sequenceNumber(published.get(i).sequence())
                            .build());
        }
        return PublishBatchResponse.builder().successful(done).failed(failed).build();
    }

    private static Draft draft(PublishBatchRequestEntry entry, Caller caller) {
        return new Draft(
                entry.message(),
                entry.subject(),
                entry.messageStructure(),
                entry.messageAttributes(),
                entry.messageDeduplicationId(),
                entry.messageGroupId(),
                caller.facts().get(Caller.TRACE_HEADER));
    }

    private static BatchResultErrorEntry failed(String id, ServiceError error) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .code(error.shape().code())
                .message(error.getMessage())
                .senderFault(error.shape().senderFault())
                .build();
    }

    private static void checkBatch(List<PublishBatchRequestEntry> entries) {
        if (entries.isEmpty()) {
            throw new EmptyBatchRequestException("The batch request doesn't contain any entries.");
        }
        if (entries.size() > MAX_BATCH) {
            throw new TooManyEntriesInBatchRequestException(
                    "The batch request contains more entries than permissible.");
        }
        Set<String> seen = new HashSet<>();
        for (PublishBatchRequestEntry entry : entries) {
            String id = entry.id() == null ? "" : entry.id();
            if (id.length() > MAX_ENTRY_ID) {
                throw new InvalidBatchEntryIdException(
                        "The Id of a batch entry in the batch request is too long: " + id);
            }
            if (!id.matches("[A-Za-z0-9_-]+")) {
                throw new InvalidBatchEntryIdException(
                        "The Id of a batch entry in the batch request contains an impermissible"
                                + " character: "
                                + id);
            }
            if (!seen.add(id)) {
                throw new BatchEntryIdsNotDistinctException(
                        "Two or more batch entries in the request have the same Id.");
            }
        }
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        topics.change(
                key,
                topic ->
                        topic.with(
                                "Policy",
                                TopicPolicy.remove(TopicPolicy.of(key, topic), in.label())));
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public SetSubscriptionAttributesResponse setSubscriptionAttributes(
            SetSubscriptionAttributesRequest in, Caller caller) {
        String value = in.attributeValue() == null ? "" : in.attributeValue();
        SubscriptionKey key = Invalid.subscription(in.subscriptionArn(), caller);
        subscriptions.set(key, in.attributeName(), value);
        return SetSubscriptionAttributesResponse.builder().build();
    }

    @Override
    public SetTopicAttributesResponse setTopicAttributes(
            SetTopicAttributesRequest in, Caller caller) {
        TopicKey key = Invalid.topic(in.topicArn(), caller);
        topics.set(key, in.attributeName(), in.attributeValue());
        return SetTopicAttributesResponse.builder().build();
    }

    @Override
    public SubscribeResponse subscribe(SubscribeRequest in, Caller caller) {
        Map.Entry<SubscriptionKey, Boolean> made = subscriptions.subscribe(in, caller);
        boolean shown = made.getValue() || Boolean.TRUE.equals(in.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(shown ? made.getKey().arn() : "pending confirmation")
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        topics.tag(Invalid.topic(in.resourceArn(), "ResourceArn", caller), in.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UnsubscribeResponse unsubscribe(UnsubscribeRequest in, Caller caller) {
        SubscriptionKey key = key(in, caller);
        boolean open = !(caller.principal() instanceof Principal.Anonymous);
        SnsTables.Subscription row = store.read(tx -> tx.get(SnsTables.SUBSCRIPTIONS, key));
        if (row != null && row.authenticated() && !open) {
            throw new AuthorizationErrorException(
                    "This subscription can be ended only by its owner");
        }
        subscriptions.unsubscribe(key);
        return UnsubscribeResponse.builder().build();
    }

    /// The link to unsubscribe works whatever the region that an unsigned request is taken to be
    /// of.
    private static SubscriptionKey key(UnsubscribeRequest in, Caller caller) {
        SubscriptionKey linked =
                caller.principal() instanceof Principal.Anonymous && in.subscriptionArn() != null
                        ? SubscriptionKey.parse(in.subscriptionArn())
                        : null;
        return linked == null ? Invalid.subscription(in.subscriptionArn(), caller) : linked;
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        topics.untag(Invalid.topic(in.resourceArn(), "ResourceArn", caller), in.tagKeys());
        return UntagResourceResponse.builder().build();
    }
}
