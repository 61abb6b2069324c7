package dev.freehold.services.lambda;

import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.sqs.DeleteMessageBatchRequest;
import dev.freehold.api.sqs.DeleteMessageBatchRequestEntry;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.LambdaTables.Mapping;
import dev.freehold.services.lambda.LambdaTables.MappingKey;
import dev.freehold.storage.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Feeds functions from queues: one poller for each mapping that is enabled. What a function did
/// not fail at is deleted; the rest comes back when its visibility ends.
public final class EventSources {
    private static final int LONG_POLL_SECONDS = 2;

    private final Store store;
    private final SqsApi sqs;
    private final Lambda lambda;
    private final Supplier<String> ids;
    private final Set<MappingKey> polled = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EventSources(Store store, SqsApi sqs, Lambda lambda, Supplier<String> ids) {
        this.store = store;
        this.sqs = sqs;
        this.lambda = lambda;
        this.ids = ids;
    }

    /// Starts pollers for mappings that have none. The server calls it every second.
    ///
    /// @param executor runs each poller on a thread of its own
    public void refresh(Executor executor) {
        for (Mapping mapping : store.read(LambdaTables::mappings)) {
            if (enabled(mapping.configuration()) && polled.add(mapping.key())) {
                executor.execute(() -> poll(mapping.key()));
            }
        }
    }

    private static boolean enabled(EventSourceMappingConfiguration mapping) {
        return "Enabled".equals(mapping.state());
    }

    /// Ends all pollers when they next look.
    public void close() {
        closed = true;
    }

    private void poll(MappingKey key) {
        try {
            while (!closed) {
                EventSourceMappingConfiguration mapping =
                        store.read(tx -> tx.get(LambdaTables.MAPPINGS, key));
                if (mapping == null || !enabled(mapping)) {
                    return;
                }
                pollOnce(key, mapping);
            }
        } catch (RuntimeException e) {
            System.getLogger(EventSources.class.getName())
                    .log(System.Logger.Level.WARNING, "A poller pauses: " + e.getMessage());
        } finally {
            polled.remove(key);
        }
    }

    private void pollOnce(MappingKey key, EventSourceMappingConfiguration mapping) {
        Arn queue = Arn.parse(String.valueOf(mapping.eventSourceArn()));
        FunctionName name = FunctionName.ofArn(String.valueOf(mapping.functionArn()));
        FunctionRow row = name == null ? null : lambda.find(name);
        if (queue == null || name == null || row == null) {
            throw new IllegalStateException("the function of mapping " + key.id() + " is gone");
        }
        Caller caller = caller(key, row);
        String url = "http://localhost/" + queue.account() + "/" + queue.resource();
        int batch = mapping.batchSize() == null ? 10 : Math.min(mapping.batchSize(), 10);
        List<Message> messages =
                sqs.receiveMessage(
                                ReceiveMessageRequest.builder()
                                        .queueUrl(url)
                                        .maxNumberOfMessages(batch)
                                        .waitTimeSeconds(LONG_POLL_SECONDS)
                                        .attributeNames(List.of("All"))
                                        .messageAttributeNames(List.of("All"))
                                        .build(),
                                caller)
                        .messages();
        if (messages == null || messages.isEmpty()) {
            return;
        }
        byte[] event = event(messages, queue).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        InvocationResult result = lambda.invoke(row, name, event, ids.get());
        Set<String> failed = failed(mapping, result, messages);
        delete(
                url,
                messages.stream().filter(m -> !failed.contains(m.messageId())).toList(),
                caller);
    }

    /// Queues are read with the rights of the function's execution role, as on AWS.
    private Caller caller(MappingKey key, FunctionRow row) {
        Arn role = Arn.parse(String.valueOf(row.configuration().role()));
        String resource = role == null ? "" : role.resource();
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        Principal principal =
                new Principal.AssumedRole(
                        role == null ? key.account() : role.account(), "/", name, name, row.name());
        return new Caller(key.account(), key.region(), principal, ids.get(), Map.of(), new Usage());
    }

    /// The messages that are to come back.
    private static Set<String> failed(
            EventSourceMappingConfiguration mapping,
            InvocationResult result,
            List<Message> messages) {
        Set<String> all = new HashSet<>();
        messages.forEach(message -> all.add(String.valueOf(message.messageId())));
        if (result.failed()) {
            return all;
        }
        boolean partial =
                mapping.functionResponseTypes() != null
                        && mapping.functionResponseTypes().contains("ReportBatchItemFailures");
        if (!partial) {
            return Set.of();
        }
        Set<String> failed = new HashSet<>();
        Object answer = Json.read(result.payload());
        Object failures =
                answer instanceof Map<?, ?> members ? members.get("batchItemFailures") : null;
        if (failures == null) {
            return Set.of();
        }
        if (!(failures instanceof List<?> list)) {
            return all;
        }
        for (Object failure : list) {
            Object id = failure instanceof Map<?, ?> members ? members.get("itemIdentifier") : null;
            if (!(id instanceof String text) || !all.contains(text)) {
                return all;
            }
            failed.add(text);
        }
        return failed;
    }

    private void delete(String url, List<Message> done, Caller caller) {
        if (done.isEmpty()) {
            return;
        }
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < done.size(); i++) {
            entries.add(
                    DeleteMessageBatchRequestEntry.builder()
                            .id(String.valueOf(i))
                            .receiptHandle(done.get(i).receiptHandle())
                            .build());
        }
        sqs.deleteMessageBatch(
                DeleteMessageBatchRequest.builder().queueUrl(url).entries(entries).build(), caller);
    }

    private static String event(List<Message> messages, Arn queue) {
        List<Object> records = new ArrayList<>();
        for (Message message : messages) {
            Map<String, @Nullable Object> record = new LinkedHashMap<>();
            record.put("messageId", message.messageId());
            record.put("receiptHandle", message.receiptHandle());
            record.put("body", message.bodyValue());
            record.put("attributes", message.attributes());
            record.put("messageAttributes", attributes(message));
            record.put("md5OfBody", message.md5OfBody());
            record.put("eventSource", "aws:sqs");
            record.put("eventSourceARN", queue.toString());
            record.put("awsRegion", queue.region());
            records.add(record);
        }
        return Json.write(Map.of("Records", records));
    }

    private static Map<String, Object> attributes(Message message) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (message.messageAttributes() != null) {
            for (Map.Entry<String, MessageAttributeValue> entry :
                    message.messageAttributes().entrySet()) {
                MessageAttributeValue value = entry.getValue();
                Map<String, Object> facts = new LinkedHashMap<>();
                if (value.stringValue() != null) {
                    facts.put("stringValue", value.stringValue());
                }
                if (value.binaryValue() != null) {
                    facts.put("binaryValue", value.binaryValue().base64());
                }
                facts.put("stringListValues", List.of());
                facts.put("binaryListValues", List.of());
                facts.put("dataType", value.dataType());
                attributes.put(entry.getKey(), facts);
            }
        }
        return attributes;
    }
}
