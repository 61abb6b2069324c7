package dev.freehold.services.lambda.sources;

import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.protocol.Arn;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.run.Lineage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Messages of a queue that a function gets together.
record Batch(Arn queue, List<Message> messages) {
    /// Room for a payload of 6 MB, less what records say beside their bodies.
    static final int MAX_BYTES = 5 * 1024 * 1024;

    /// The bytes of a message, about.
    static int size(Message message) {
        String body = message.bodyValue();
        int size = 1024 + (body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length);
        if (message.messageAttributes() != null) {
            size += 256 * message.messageAttributes().size();
        }
        return size;
    }

    /// The event that the function gets.
    byte[] event() {
        List<Object> records = new ArrayList<>();
        messages.forEach(message -> records.add(record(message)));
        return Json.write(Map.of("Records", records)).getBytes(StandardCharsets.UTF_8);
    }

    Map<String, @Nullable Object> record(Message message) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("messageId", message.messageId());
        record.put("receiptHandle", message.receiptHandle());
        record.put("body", message.bodyValue());
        record.put("attributes", message.attributes());
        record.put("messageAttributes", attributes(message));
        if (message.md5OfMessageAttributes() != null) {
            record.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
        }
        record.put("md5OfBody", message.md5OfBody());
        record.put("eventSource", "aws:sqs");
        record.put("eventSourceARN", queue.toString());
        record.put("awsRegion", queue.region());
        return record;
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

    /// The trace header of the message that has been through the function the most often.
    @Nullable String trace(String functionArn) {
        String found = null;
        int hops = -1;
        for (Message message : messages) {
            String header = header(message);
            int own = Lineage.hops(header, functionArn);
            if (header != null && own > hops) {
                found = header;
                hops = own;
            }
        }
        return found;
    }

    private static @Nullable String header(Message message) {
        return message.attributes() == null ? null : message.attributes().get("AWSTraceHeader");
    }

    /// Messages that have been through the function too often, apart: they are refused, and the
    /// others must not be for being received with them.
    List<Batch> byLoops(String functionArn) {
        Map<Boolean, List<Message>> parts =
                messages.stream()
                        .collect(
                                Collectors.groupingBy(message ->
                                        Lineage.hops(header(message), functionArn)
                                                >= Lineage.MAX_HOPS));
        return parts.values().stream().map(part -> new Batch(queue, part)).toList();
    }

    /// The messages that are done.
    ///
    /// @param partial whether the function reports the ones that are not
    List<Message> done(InvocationResult result, boolean partial) {
        if (result.failed()) {
            return List.of();
        }
        Set<String> failed = partial ? failures(result) : Set.of();
        return messages.stream()
                .filter(message -> !failed.contains(String.valueOf(message.messageId())))
                .toList();
    }

    /// The ids that a function reports; all of them when what it reports makes no sense.
    private Set<String> failures(InvocationResult result) {
        Set<String> all = new HashSet<>();
        messages.forEach(message -> all.add(String.valueOf(message.messageId())));
        Object answer;
        try {
            answer = result.payload().length == 0 ? null : Json.read(result.payload());
        } catch (IllegalArgumentException e) {
            return all;
        }
        Object failures =
                answer instanceof Map<?, ?> members ? members.get("batchItemFailures") : null;
        if (failures == null) {
            return Set.of();
        }
        if (!(failures instanceof List<?> list)) {
            return all;
        }
        Set<String> failed = new HashSet<>();
        for (Object failure : list) {
            Object id = failure instanceof Map<?, ?> members ? members.get("itemIdentifier") : null;
            if (!(id instanceof String text) || !all.contains(text)) {
                return all;
            }
            failed.add(text);
        }
        return failed;
    }
}
