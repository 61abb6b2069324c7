package dev.freehold.services.sqs;

import dev.freehold.api.sqs.AddPermissionRequest;
import dev.freehold.api.sqs.AddPermissionResponse;
import dev.freehold.api.sqs.BatchEntryIdsNotDistinct;
import dev.freehold.api.sqs.BatchRequestTooLong;
import dev.freehold.api.sqs.BatchResultErrorEntry;
import dev.freehold.api.sqs.CancelMessageMoveTaskRequest;
import dev.freehold.api.sqs.CancelMessageMoveTaskResponse;
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
import dev.freehold.api.sqs.ListDeadLetterSourceQueuesRequest;
import dev.freehold.api.sqs.ListDeadLetterSourceQueuesResponse;
import dev.freehold.api.sqs.ListMessageMoveTasksRequest;
import dev.freehold.api.sqs.ListMessageMoveTasksResponse;
import dev.freehold.api.sqs.ListQueueTagsRequest;
import dev.freehold.api.sqs.ListQueueTagsResponse;
import dev.freehold.api.sqs.ListQueuesRequest;
import dev.freehold.api.sqs.ListQueuesResponse;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.PurgeQueueRequest;
import dev.freehold.api.sqs.PurgeQueueResponse;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.ReceiveMessageResponse;
import dev.freehold.api.sqs.RemovePermissionRequest;
import dev.freehold.api.sqs.RemovePermissionResponse;
import dev.freehold.api.sqs.SendMessageBatchRequest;
import dev.freehold.api.sqs.SendMessageBatchRequestEntry;
import dev.freehold.api.sqs.SendMessageBatchResponse;
import dev.freehold.api.sqs.SendMessageBatchResultEntry;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SendMessageResponse;
import dev.freehold.api.sqs.SetQueueAttributesRequest;
import dev.freehold.api.sqs.SetQueueAttributesResponse;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.api.sqs.StartMessageMoveTaskRequest;
import dev.freehold.api.sqs.StartMessageMoveTaskResponse;
import dev.freehold.api.sqs.TagQueueRequest;
import dev.freehold.api.sqs.TagQueueResponse;
import dev.freehold.api.sqs.TooManyEntriesInBatchRequest;
import dev.freehold.api.sqs.UntagQueueRequest;
import dev.freehold.api.sqs.UntagQueueResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.sqs.Drafts.Draft;
import dev.freehold.services.sqs.Messages.Outgoing;
import dev.freehold.services.sqs.Messages.Received;
import dev.freehold.services.sqs.Messages.Receiving;
import dev.freehold.services.sqs.Messages.Sending;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The front of SQS: a method per operation.
public final class SqsService implements SqsApi {
    private static final int MAX_BATCH = 10;
    private static final int MAX_BATCH_BYTES = 1_048_576;

    /// What one request is billed for.
    private static final int CHUNK = 65_536;

    private final Queues queues;
    private final Messages messages;
    private final MoveTasks tasks;
    private final String endpoint;

    /// @param ids makes UUIDs
    /// @param endpoint what queue URLs begin with
    public SqsService(
            Store store,
            Deliveries deliveries,
            InstantSource clock,
            Supplier<String> ids,
            String endpoint) {
        this.queues = new Queues(store, clock, ids);
        this.messages = new Messages(store, clock, ids);
        this.tasks = new MoveTasks(store, clock, ids, deliveries, messages);
        this.endpoint = endpoint;
    }

    /// The handlers by the kinds of their deliveries.
    public Map<String, DeliveryHandler> handlers() {
        return Map.of(MoveTasks.KIND, tasks::step);
    }

    private String url(QueueKey key) {
        return endpoint + "/" + key.account() + "/" + key.name();
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest in, Caller caller) {
        QueueKey key = Queues.key(in.queueUrl(), caller);
        queues.setPolicy(
                key,
                policy ->
                        QueuePolicy.add(key, policy, in.label(), in.awsAccountIds(), in.actions()));
        return AddPermissionResponse.builder().build();
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest in, Caller caller) {
        queues.setPolicy(
                Queues.key(in.queueUrl(), caller),
                policy -> QueuePolicy.remove(policy, in.label()));
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public StartMessageMoveTaskResponse startMessageMoveTask(
            StartMessageMoveTaskRequest in, Caller caller) {
        return tasks.start(in);
    }

    @Override
    public CancelMessageMoveTaskResponse cancelMessageMoveTask(
            CancelMessageMoveTaskRequest in, Caller caller) {
        return tasks.cancel(in);
    }

    @Override
    public ListMessageMoveTasksResponse listMessageMoveTasks(
            ListMessageMoveTasksRequest in, Caller caller) {
        return tasks.list(in);
    }

    @Override
    public CreateQueueResponse createQueue(CreateQueueRequest in, Caller caller) {
        return CreateQueueResponse.builder().queueUrl(url(queues.create(in, caller))).build();
    }

    @Override
    public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest in, Caller caller) {
        String owner = in.queueOwnerAWSAccountId();
        QueueKey key =
                new QueueKey(
                        owner == null ? caller.account() : owner, caller.region(), in.queueName());
        queues.require(key);
        return GetQueueUrlResponse.builder().queueUrl(url(key)).build();
    }

    @Override
    public ListQueuesResponse listQueues(ListQueuesRequest in, Caller caller) {
        String prefix = in.queueNamePrefix() == null ? "" : in.queueNamePrefix();
        Queues.Page page =
                Queues.page(queues.named(prefix, caller), in.maxResults(), in.nextToken());
        return ListQueuesResponse.builder()
                .queueUrls(
                        page.queues().isEmpty()
                                ? null
                                : page.queues().stream().map(this::url).toList())
                .nextToken(page.next())
                .build();
    }

    @Override
    public ListDeadLetterSourceQueuesResponse listDeadLetterSourceQueues(
            ListDeadLetterSourceQueuesRequest in, Caller caller) {
        QueueKey key = Queues.key(in.queueUrl(), caller);
        Queues.Page page = Queues.page(queues.sources(key), in.maxResults(), in.nextToken());
        return ListDeadLetterSourceQueuesResponse.builder()
                .queueUrls(page.queues().stream().map(this::url).toList())
                .nextToken(page.next())
                .build();
    }

    @Override
    public DeleteQueueResponse deleteQueue(DeleteQueueRequest in, Caller caller) {
        queues.delete(Queues.key(in.queueUrl(), caller));
        return DeleteQueueResponse.builder().build();
    }

    @Override
    public PurgeQueueResponse purgeQueue(PurgeQueueRequest in, Caller caller) {
        queues.purge(Queues.key(in.queueUrl(), caller));
        return PurgeQueueResponse.builder().build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(
            GetQueueAttributesRequest in, Caller caller) {
        QueueKey key = Queues.key(in.queueUrl(), caller);
        Queue queue = queues.require(key);
        List<String> names = in.attributeNames() == null ? List.of() : in.attributeNames();
        Attributes.checkAsked(names);
        Map<String, String> all = Attributes.settled(queue);
        all.put("QueueArn", key.arn());
        all.put("CreatedTimestamp", String.valueOf(queue.created()));
        all.put("LastModifiedTimestamp", String.valueOf(queue.modified()));
        if (names.stream().anyMatch(name -> name.equals("All") || name.startsWith("Appr"))) {
            Messages.Counts counts = messages.counts(queue);
            all.put("ApproximateNumberOfMessages", String.valueOf(counts.visible()));
            all.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(counts.inFlight()));
            all.put("ApproximateNumberOfMessagesDelayed", String.valueOf(counts.delayed()));
        }
        if (!names.contains("All")) {
            all.keySet().retainAll(new HashSet<>(names));
        }
        return GetQueueAttributesResponse.builder().attributes(all.isEmpty() ? null : all).build();
    }

    @Override
    public SetQueueAttributesResponse setQueueAttributes(
            SetQueueAttributesRequest in, Caller caller) {
        if (in.attributes() == null) {
            throw Refused.missing("Attribute.Name");
        }
        queues.set(Queues.key(in.queueUrl(), caller), in.attributes());
        return SetQueueAttributesResponse.builder().build();
    }

    @Override
    public TagQueueResponse tagQueue(TagQueueRequest in, Caller caller) {
        if (in.tags() == null || in.tags().isEmpty()) {
            throw Refused.missing("Tags");
        }
        queues.tag(Queues.key(in.queueUrl(), caller), in.tags());
        return TagQueueResponse.builder().build();
    }

    @Override
    public UntagQueueResponse untagQueue(UntagQueueRequest in, Caller caller) {
        queues.untag(Queues.key(in.queueUrl(), caller), in.tagKeys());
        return UntagQueueResponse.builder().build();
    }

    @Override
    public ListQueueTagsResponse listQueueTags(ListQueueTagsRequest in, Caller caller) {
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        return ListQueueTagsResponse.builder()
                .tags(queue.tags().isEmpty() ? null : queue.tags())
                .build();
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest in, Caller caller) {
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        Draft draft =
                new Draft(
                        in.messageBody(),
                        in.messageAttributes(),
                        in.messageSystemAttributes(),
                        in.delaySeconds(),
                        in.messageDeduplicationId(),
                        in.messageGroupId(),
                        false);
        Outgoing outgoing = Drafts.check(queue, draft, caller);
        bill(caller, draft.size());
        Sending sent = messages.send(queue, List.of(outgoing)).getFirst();
        return SendMessageResponse.builder()
                .md5OfMessageBody(Digests.of(outgoing.content().body()))
                .md5OfMessageAttributes(Digests.of(outgoing.content().attributes()))
                .md5OfMessageSystemAttributes(Digests.ofSystem(outgoing.system()))
                .messageId(sent.id())
                .sequenceNumber(sent.sequence())
                .build();
    }

    private static void bill(Caller caller, int bytes) {
        caller.usage().add("sqs.requests", Math.max(1, Math.ceilDiv(bytes, CHUNK)));
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
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        List<SendMessageBatchRequestEntry> entries =
                in.entries() == null ? List.of() : in.entries();
        checkBatch(entries.stream().map(SendMessageBatchRequestEntry::id).toList());
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<Outgoing> good = new ArrayList<>();
        List<String> goodIds = new ArrayList<>();
        int total = 0;
        for (SendMessageBatchRequestEntry entry : entries) {
            try {
                Draft draft = draft(entry);
                total += draft.size();
                good.add(Drafts.check(queue, draft, caller));
                goodIds.add(entry.id());
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        if (total > MAX_BATCH_BYTES) {
            throw new BatchRequestTooLong(
                    "Batch requests cannot be longer than 1048576 bytes. You have sent "
                            + total
                            + " bytes.");
        }
        bill(caller, total);
        List<Sending> sent = good.isEmpty() ? List.of() : messages.send(queue, good);
        List<SendMessageBatchResultEntry> done = new ArrayList<>();
        for (int i = 0; i < good.size(); i++) {
            done.add(sent(goodIds.get(i), good.get(i), sent.get(i)));
        }
        return SendMessageBatchResponse.builder()
                .successful(some(done))
                .failed(some(failed))
                .build();
    }

    /// AWS leaves out lists that are empty.
    private static <T> @Nullable List<T> some(List<T> all) {
        return all.isEmpty() ? null : all;
    }

    private static Draft draft(SendMessageBatchRequestEntry entry) {
        return new Draft(
                entry.messageBody(),
                entry.messageAttributes(),
                entry.messageSystemAttributes(),
                entry.delaySeconds(),
                entry.messageDeduplicationId(),
                entry.messageGroupId(),
                true);
    }

    private static SendMessageBatchResultEntry sent(String id, Outgoing outgoing, Sending sent) {
        return SendMessageBatchResultEntry.builder()
                .id(id)
                .messageId(sent.id())
                .sequenceNumber(sent.sequence())
                .md5OfMessageBody(Digests.of(outgoing.content().body()))
                .md5OfMessageAttributes(Digests.of(outgoing.content().attributes()))
                .md5OfMessageSystemAttributes(Digests.ofSystem(outgoing.system()))
                .build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest in, Caller caller) {
        QueueKey key = Queues.key(in.queueUrl(), caller);
        Queue queue = queues.require(key);
        int max = in.maxNumberOfMessages() == null ? 1 : in.maxNumberOfMessages();
        if (max < 1 || max > MAX_BATCH) {
            throw Refused.value(
                    max, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
        }
        int wait =
                in.waitTimeSeconds() == null
                        ? Attributes.number(queue, "ReceiveMessageWaitTimeSeconds")
                        : in.waitTimeSeconds();
        if (wait < 0 || wait > 20) {
            throw Refused.value(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
        }
        int visibility =
                in.visibilityTimeout() == null
                        ? Attributes.number(queue, "VisibilityTimeout")
                        : in.visibilityTimeout();
        checkVisibility(visibility);
        Receiving how = new Receiving(max, visibility, wait, in.receiveRequestAttemptId());
        List<Message> views = new ArrayList<>();
        int bytes = 0;
        for (Received one : messages.receive(key, queue, how)) {
            views.add(MessageViews.view(one, in));
            bytes += one.content().body().length();
        }
        bill(caller, bytes);
        return ReceiveMessageResponse.builder().messages(views.isEmpty() ? null : views).build();
    }

    private static void checkVisibility(int seconds) {
        if (seconds < 0 || seconds > 43_200) {
            throw Refused.value(
                    seconds,
                    "VisibilityTimeout",
                    "VisibilityTimeout must be an integer between 0 and 43200");
        }
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest in, Caller caller) {
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        messages.delete(queue, in.receiptHandle());
        bill(caller, 0);
        return DeleteMessageResponse.builder().build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(
            DeleteMessageBatchRequest in, Caller caller) {
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        checkBatch(in.entries().stream().map(DeleteMessageBatchRequestEntry::id).toList());
        List<DeleteMessageBatchResultEntry> done = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        bill(caller, 0);
        for (DeleteMessageBatchRequestEntry entry : in.entries()) {
            try {
                messages.delete(queue, entry.receiptHandle());
                done.add(DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
            } catch (ServiceError e) {
                failed.add(failed(entry.id(), e));
            }
        }
        return DeleteMessageBatchResponse.builder()
                .successful(some(done))
                .failed(some(failed))
                .build();
    }

    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(
            ChangeMessageVisibilityRequest in, Caller caller) {
        checkVisibility(in.visibilityTimeout());
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
        messages.changeVisibility(queue, in.receiptHandle(), in.visibilityTimeout());
        return ChangeMessageVisibilityResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest in, Caller caller) {
        Queue queue = queues.require(Queues.key(in.queueUrl(), caller));
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
                .successful(some(done))
                .failed(some(failed))
                .build();
    }
}
