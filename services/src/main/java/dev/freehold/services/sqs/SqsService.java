package dev.freehold.services.sqs;

import dev.freehold.api.sqs.BatchEntryIdsNotDistinct;
import dev.freehold.api.sqs.BatchRequestTooLong;
import dev.freehold.api.sqs.BatchResultErrorEntry;
import dev.freehold.api.sqs.ChangeMessageVisibilityBatchRequest;
import dev.freehold.api.sqs.ChangeMessageVisibilityBatchRequestEntry;
import dev.freehold.api.sqs.ChangeMessageVisibilityBatchResponse;
import dev.freehold.api.sqs.ChangeMessageVisibilityBatchResultEntry;
import dev.freehold.api.sqs.ChangeMessageVisibilityRequest;
import dev.freehold.api.sqs.ChangeMessageVisibilityResponse;
import dev.freehold.api.sqs.CreateQueueRequest;
import dev.freehold.api.sqs.CreateQueueResponse;
import dev.freehold.api.sqs.DeleteMessageBatchRequest;
import dev.freehold.api.sqs.DeleteMessageBatchRequestEntry;
import dev.freehold.api.sqs.DeleteMessageBatchResponse;
import dev.freehold.api.sqs.DeleteMessageBatchResultEntry;
import dev.freehold.api.sqs.DeleteMessageRequest;
import dev.freehold.api.sqs.DeleteMessageResponse;
import dev.freehold.api.sqs.DeleteQueueRequest;
import dev.freehold.api.sqs.DeleteQueueResponse;
import dev.freehold.api.sqs.EmptyBatchRequest;
import dev.freehold.api.sqs.GetQueueAttributesRequest;
import dev.freehold.api.sqs.GetQueueAttributesResponse;
import dev.freehold.api.sqs.GetQueueUrlRequest;
import dev.freehold.api.sqs.GetQueueUrlResponse;
import dev.freehold.api.sqs.InvalidBatchEntryId;
import dev.freehold.api.sqs.InvalidMessageContents;
import dev.freehold.api.sqs.ListQueueTagsRequest;
import dev.freehold.api.sqs.ListQueueTagsResponse;
import dev.freehold.api.sqs.ListQueuesRequest;
import dev.freehold.api.sqs.ListQueuesResponse;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.MessageSystemAttributeValue;
import dev.freehold.api.sqs.PurgeQueueRequest;
import dev.freehold.api.sqs.PurgeQueueResponse;
import dev.freehold.api.sqs.QueueDoesNotExist;
import dev.freehold.api.sqs.QueueNameExists;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.ReceiveMessageResponse;
import dev.freehold.api.sqs.SendMessageBatchRequest;
import dev.freehold.api.sqs.SendMessageBatchRequestEntry;
import dev.freehold.api.sqs.SendMessageBatchResponse;
import dev.freehold.api.sqs.SendMessageBatchResultEntry;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SendMessageResponse;
import dev.freehold.api.sqs.SetQueueAttributesRequest;
import dev.freehold.api.sqs.SetQueueAttributesResponse;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.api.sqs.TagQueueRequest;
import dev.freehold.api.sqs.TagQueueResponse;
import dev.freehold.api.sqs.TooManyEntriesInBatchRequest;
import dev.freehold.api.sqs.UntagQueueRequest;
import dev.freehold.api.sqs.UntagQueueResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.sqs.Messages.Outgoing;
import dev.freehold.services.sqs.Messages.Received;
import dev.freehold.services.sqs.SqsTables.Attribute;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The front of SQS: a method per operation.
public final class SqsService implements SqsApi {
    private static final int MAX_BATCH = 10;
    private static final int MAX_QUEUES = 10_000;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final String endpoint;
    private final Messages messages;

    /// @param ids makes UUIDs
    /// @param endpoint what queue URLs begin with
    public SqsService(Store store, InstantSource clock, Supplier<String> ids, String endpoint) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.endpoint = endpoint;
        this.messages = new Messages(store, clock, ids);
    }

    private String url(QueueKey key) {
        return endpoint + "/" + key.account() + "/" + key.name();
    }

    private static QueueKey key(@Nullable String url, Caller caller) {
        if (url == null) {
            throw new CommonError(
                    "MissingParameter", 400, "The request must contain the parameter QueueUrl.");
        }
        String[] parts = url.split("/", -1);
        String name = parts[parts.length - 1];
        String account = parts.length > 1 ? parts[parts.length - 2] : caller.account();
        boolean known = account.length() == 12 && account.chars().allMatch(Character::isDigit);
        return new QueueKey(known ? account : caller.account(), caller.region(), name);
    }

    private Queue queue(QueueKey key) {
        Queue queue = store.read(tx -> tx.get(SqsTables.QUEUES, key));
        if (queue == null) {
            throw missing();
        }
        return queue;
    }

    private static QueueDoesNotExist missing() {
        return new QueueDoesNotExist("The specified queue does not exist.");
    }

    @Override
    public CreateQueueResponse createQueue(CreateQueueRequest in, Caller caller) {
        String name = in.queueName();
        if (name.endsWith(".fifo")) {
            throw new NotImplementedError("FIFO queues");
        }
        if (!name.matches("[a-zA-Z0-9_-]{1,80}")) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in"
                            + " length");
        }
        Map<String, String> attributes = in.attributes() == null ? Map.of() : in.attributes();
        Attributes.check(attributes);
        QueueKey key = new QueueKey(caller.account(), caller.region(), name);
        String id = ids.get();
        long now = clock.instant().getEpochSecond();
        store.updateOnly(tx -> {
            Queue before = tx.get(SqsTables.QUEUES, key);
            if (before == null) {
                Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
                tx.put(SqsTables.QUEUES, key, new Queue(id, attributes, tags, now, now));
                return;
            }
            Map<String, String> settled = Attributes.settled(before);
            attributes.forEach((attribute, value) -> {
                if (!value.equals(settled.get(attribute))) {
                    throw new QueueNameExists(
                            "A queue already exists with the same name and a different"
                                    + " value for attribute "
                                    + attribute);
                }
            });
        });
        return CreateQueueResponse.builder().queueUrl(url(key)).build();
    }

    @Override
    public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest in, Caller caller) {
        String owner = in.queueOwnerAWSAccountId();
        QueueKey key =
                new QueueKey(
                        owner == null ? caller.account() : owner, caller.region(), in.queueName());
        queue(key);
        return GetQueueUrlResponse.builder().queueUrl(url(key)).build();
    }

    @Override
    public ListQueuesResponse listQueues(ListQueuesRequest in, Caller caller) {
        String prefix = in.queueNamePrefix() == null ? "" : in.queueNamePrefix();
        List<String> urls = new ArrayList<>();
        KeyRange range =
                KeyRange.prefix(out ->
                        out.string(caller.account()).string(caller.region()).stringPrefix(prefix));
        int max = in.maxResults() == null ? 1000 : in.maxResults();
        String last = in.nextToken();
        store.read(tx -> {
            try (Cursor<QueueKey, Queue> cursor = tx.scan(SqsTables.QUEUES, range, MAX_QUEUES)) {
                while (urls.size() <= max && cursor.next()) {
                    if (last == null || cursor.key().name().compareTo(last) > 0) {
                        urls.add(url(cursor.key()));
                    }
                }
            }
            return urls;
        });
        boolean more = urls.size() > max;
        List<String> page = more ? List.copyOf(urls.subList(0, max)) : urls;
        String next = more ? page.getLast().substring(page.getLast().lastIndexOf('/') + 1) : null;
        return ListQueuesResponse.builder()
                .queueUrls(page)
                .nextToken(in.maxResults() == null ? null : next)
                .build();
    }

    @Override
    public DeleteQueueResponse deleteQueue(DeleteQueueRequest in, Caller caller) {
        QueueKey key = key(in.queueUrl(), caller);
        store.updateOnly(tx -> {
            Queue queue = tx.get(SqsTables.QUEUES, key);
            if (queue == null) {
                throw missing();
            }
            Messages.removeAll(tx, queue);
            tx.delete(SqsTables.QUEUES, key);
        });
        return DeleteQueueResponse.builder().build();
    }

    @Override
    public PurgeQueueResponse purgeQueue(PurgeQueueRequest in, Caller caller) {
        QueueKey key = key(in.queueUrl(), caller);
        Queue queue = queue(key);
        store.updateOnly(tx -> Messages.removeAll(tx, queue));
        return PurgeQueueResponse.builder().build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(
            GetQueueAttributesRequest in, Caller caller) {
        QueueKey key = key(in.queueUrl(), caller);
        Queue queue = queue(key);
        List<String> names = in.attributeNames() == null ? List.of() : in.attributeNames();
        Map<String, String> all = Attributes.settled(queue);
        Messages.Counts counts = messages.counts(queue);
        all.put("QueueArn", key.arn());
        all.put("CreatedTimestamp", String.valueOf(queue.created()));
        all.put("LastModifiedTimestamp", String.valueOf(queue.modified()));
        all.put("ApproximateNumberOfMessages", String.valueOf(counts.visible()));
        all.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(counts.inFlight()));
        all.put("ApproximateNumberOfMessagesDelayed", String.valueOf(counts.delayed()));
        if (!names.contains("All")) {
            all.keySet().retainAll(new HashSet<>(names));
        }
        return GetQueueAttributesResponse.builder().attributes(all.isEmpty() ? null : all).build();
    }

    @Override
    public SetQueueAttributesResponse setQueueAttributes(
            SetQueueAttributesRequest in, Caller caller) {
        Attributes.check(in.attributes());
        change(
                key(in.queueUrl(), caller),
                queue -> {
                    Map<String, String> attributes = new LinkedHashMap<>(queue.attributes());
                    attributes.putAll(in.attributes());
                    attributes.values().removeIf(String::isEmpty);
                    long now = clock.instant().getEpochSecond();
                    return new Queue(queue.id(), attributes, queue.tags(), queue.created(), now);
                });
        return SetQueueAttributesResponse.builder().build();
    }

    private void change(QueueKey key, java.util.function.UnaryOperator<Queue> change) {
        store.updateOnly(tx -> {
            Queue queue = tx.get(SqsTables.QUEUES, key);
            if (queue == null) {
                throw missing();
            }
            tx.put(SqsTables.QUEUES, key, change.apply(queue));
        });
    }

    @Override
    public TagQueueResponse tagQueue(TagQueueRequest in, Caller caller) {
        change(
                key(in.queueUrl(), caller),
                queue -> {
                    Map<String, String> tags = new LinkedHashMap<>(queue.tags());
                    tags.putAll(in.tags());
                    return new Queue(
                            queue.id(),
                            queue.attributes(),
                            tags,
                            queue.created(),
                            queue.modified());
                });
        return TagQueueResponse.builder().build();
    }

    @Override
    public UntagQueueResponse untagQueue(UntagQueueRequest in, Caller caller) {
        change(
                key(in.queueUrl(), caller),
                queue -> {
                    Map<String, String> tags = new LinkedHashMap<>(queue.tags());
                    in.tagKeys().forEach(tags::remove);
                    return new Queue(
                            queue.id(),
                            queue.attributes(),
                            tags,
                            queue.created(),
                            queue.modified());
                });
        return UntagQueueResponse.builder().build();
    }

    @Override
    public ListQueueTagsResponse listQueueTags(ListQueueTagsRequest in, Caller caller) {
        Queue queue = queue(key(in.queueUrl(), caller));
        return ListQueueTagsResponse.builder()
                .tags(queue.tags().isEmpty() ? null : queue.tags())
                .build();
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest in, Caller caller) {
        Queue queue = queue(key(in.queueUrl(), caller));
        if (in.messageDeduplicationId() != null) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "The request includes a parameter that is not valid for this queue type");
        }
        Outgoing outgoing =
                outgoing(
                        queue,
                        in.messageBody(),
                        in.messageAttributes(),
                        in.messageSystemAttributes(),
                        in.delaySeconds(),
                        caller);
        caller.usage().add("sqs.requests", 1);
        String id = messages.send(queue, List.of(outgoing)).getFirst();
        return SendMessageResponse.builder()
                .md5OfMessageBody(Digests.of(outgoing.body()))
                .md5OfMessageAttributes(Digests.of(outgoing.attributes()))
                .messageId(id)
                .build();
    }

    private static Outgoing outgoing(
            Queue queue,
            @Nullable String body,
            @Nullable Map<String, MessageAttributeValue> attributes,
            @Nullable Map<String, MessageSystemAttributeValue> system,
            @Nullable Integer delay,
            Caller caller) {
        if (body == null || body.isEmpty()) {
            throw new CommonError(
                    "MissingParameter", 400, "The request must contain the parameter MessageBody.");
        }
        if (!body.codePoints().allMatch(MessageViews::allowed)) {
            throw new InvalidMessageContents(
                    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to"
                            + " #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
        }
        Map<String, Attribute> converted = MessageViews.attributes(attributes);
        int size = body.getBytes(StandardCharsets.UTF_8).length + MessageViews.size(converted);
        int max = Attributes.number(queue, "MaximumMessageSize");
        if (size > max) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "One or more parameters are invalid. Reason: Message must be shorter than "
                            + max
                            + " bytes.");
        }
        int seconds = delay == null ? Attributes.number(queue, "DelaySeconds") : delay;
        if (seconds < 0 || seconds > 900) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "Value "
                            + seconds
                            + " for parameter DelaySeconds is invalid. Reason: DelaySeconds"
                            + " must be >= 0 and <= 900.");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("SenderId", caller.principal().id());
        MessageSystemAttributeValue trace = system == null ? null : system.get("AWSTraceHeader");
        if (trace != null && trace.stringValue() != null) {
            facts.put("AWSTraceHeader", trace.stringValue());
        }
        return new Outgoing(body, converted, facts, seconds);
    }

    private static void checkBatch(List<String> entryIds) {
        if (entryIds.isEmpty()) {
            throw new EmptyBatchRequest("There should be at least one entry in the request.");
        }
        if (entryIds.size() > MAX_BATCH) {
            throw new TooManyEntriesInBatchRequest(
                    "Maximum number of entries per request are 10. You have sent "
                            + entryIds.size()
                            + ".");
        }
        Set<String> seen = new HashSet<>();
        for (String id : entryIds) {
            if (!id.matches("[a-zA-Z0-9_-]{1,80}")) {
                throw new InvalidBatchEntryId(
                        "A batch entry id can only contain alphanumeric characters, hyphens and"
                                + " underscores. It can be at most 80 letters long.");
            }
            if (!seen.add(id)) {
                throw new BatchEntryIdsNotDistinct("Id " + id + " repeated.");
            }
        }
    }

    private static BatchResultErrorEntry failed(String id, ServiceError error) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .senderFault(error.shape().senderFault())
                .code(error.shape().code())
                .message(error.getMessage())
                .build();
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest in, Caller caller) {
        Queue queue = queue(key(in.queueUrl(), caller));
        checkBatch(in.entries().stream().map(SendMessageBatchRequestEntry::id).toList());
        List<SendMessageBatchResultEntry> done = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<Outgoing> good = new ArrayList<>();
        List<String> goodIds = new ArrayList<>();
        int total = 0;
        for (SendMessageBatchRequestEntry entry : in.entries()) {
            total += entry.messageBody().getBytes(StandardCharsets.UTF_8).length;
            try {
                good.add(
                        outgoing(
                                queue,
                                entry.messageBody(),
                                entry.messageAttributes(),
                                entry.messageSystemAttributes(),
                                entry.delaySeconds(),
                                caller));
                goodIds.add(entry.id());
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        if (total > 1_048_576) {
            throw new BatchRequestTooLong(
                    "Batch requests cannot be longer than 1048576 bytes. You have sent "
                            + total
                            + " bytes.");
        }
        caller.usage().add("sqs.requests", 1);
        List<String> sent = good.isEmpty() ? List.of() : messages.send(queue, good);
        for (int i = 0; i < good.size(); i++) {
            done.add(
                    SendMessageBatchResultEntry.builder()
                            .id(goodIds.get(i))
                            .messageId(sent.get(i))
                            .md5OfMessageBody(Digests.of(good.get(i).body()))
                            .md5OfMessageAttributes(Digests.of(good.get(i).attributes()))
                            .build());
        }
        return SendMessageBatchResponse.builder().successful(done).failed(failed).build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest in, Caller caller) {
        QueueKey key = key(in.queueUrl(), caller);
        Queue queue = queue(key);
        int max = in.maxNumberOfMessages() == null ? 1 : in.maxNumberOfMessages();
        if (max < 1 || max > 10) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "Value "
                            + max
                            + " for parameter MaxNumberOfMessages is invalid. Reason: Must be"
                            + " between 1 and 10, if provided.");
        }
        int wait =
                in.waitTimeSeconds() == null
                        ? Attributes.number(queue, "ReceiveMessageWaitTimeSeconds")
                        : in.waitTimeSeconds();
        if (wait < 0 || wait > 20) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "Value "
                            + wait
                            + " for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0"
                            + " and <= 20, if provided.");
        }
        int visibility =
                in.visibilityTimeout() == null
                        ? Attributes.number(queue, "VisibilityTimeout")
                        : in.visibilityTimeout();
        checkVisibility(visibility);
        caller.usage().add("sqs.requests", 1);
        List<Message> views = new ArrayList<>();
        for (Received one : messages.receive(key, queue, max, visibility, wait)) {
            views.add(MessageViews.view(one, in));
        }
        return ReceiveMessageResponse.builder().messages(views.isEmpty() ? null : views).build();
    }

    private static void checkVisibility(int seconds) {
        if (seconds < 0 || seconds > 43_200) {
            throw new CommonError(
                    "InvalidParameterValue",
                    400,
                    "Value "
                            + seconds
                            + " for parameter VisibilityTimeout is invalid. Reason:"
                            + " VisibilityTimeout must be an integer between 0 and 43200");
        }
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest in, Caller caller) {
        messages.delete(queue(key(in.queueUrl(), caller)), in.receiptHandle());
        caller.usage().add("sqs.requests", 1);
        return DeleteMessageResponse.builder().build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(
            DeleteMessageBatchRequest in, Caller caller) {
        Queue queue = queue(key(in.queueUrl(), caller));
        checkBatch(in.entries().stream().map(DeleteMessageBatchRequestEntry::id).toList());
        List<DeleteMessageBatchResultEntry> done = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        caller.usage().add("sqs.requests", 1);
        for (DeleteMessageBatchRequestEntry entry : in.entries()) {
            try {
                messages.delete(queue, entry.receiptHandle());
                done.add(DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        return DeleteMessageBatchResponse.builder().successful(done).failed(failed).build();
    }

    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(
            ChangeMessageVisibilityRequest in, Caller caller) {
        checkVisibility(in.visibilityTimeout());
        Queue queue = queue(key(in.queueUrl(), caller));
        messages.changeVisibility(queue, in.receiptHandle(), in.visibilityTimeout());
        return ChangeMessageVisibilityResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest in, Caller caller) {
        Queue queue = queue(key(in.queueUrl(), caller));
        checkBatch(
                in.entries().stream().map(ChangeMessageVisibilityBatchRequestEntry::id).toList());
        List<ChangeMessageVisibilityBatchResultEntry> done = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (ChangeMessageVisibilityBatchRequestEntry entry : in.entries()) {
            int seconds = entry.visibilityTimeout() == null ? 0 : entry.visibilityTimeout();
            try {
                checkVisibility(seconds);
                messages.changeVisibility(queue, entry.receiptHandle(), seconds);
                done.add(ChangeMessageVisibilityBatchResultEntry.builder().id(entry.id()).build());
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        return ChangeMessageVisibilityBatchResponse.builder()
                .successful(done)
                .failed(failed)
                .build();
    }
}
