package dev.freehold.services.sqs;

import dev.freehold.api.sqs.InvalidMessageContents;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.MessageSystemAttributeValue;
import dev.freehold.protocol.Caller;
import dev.freehold.services.sqs.Messages.Outgoing;
import dev.freehold.services.sqs.SqsTables.Attribute;
import dev.freehold.services.sqs.SqsTables.Queue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks what clients want to send.
final class Drafts {
    private static final int MAX_DELAY = 900;
    private static final int MAX_ID = 128;

    private Drafts() {}

    /// What a client wants to send.
    ///
    /// @param batch whether it is an entry of a batch: AWS words some errors otherwise
    record Draft(
            @Nullable String body,
            @Nullable Map<String, MessageAttributeValue> attributes,
            @Nullable Map<String, MessageSystemAttributeValue> system,
            @Nullable Integer delay,
            @Nullable String deduplicationId,
            @Nullable String groupId,
            boolean batch) {
        int size() {
            int size = body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length;
            return size + MessageViews.size(MessageViews.attributes(attributes));
        }
    }

    static Outgoing check(Queue queue, Draft draft, Caller caller) {
        String body = draft.body;
        if (body == null || body.isEmpty()) {
            throw Refused.missing("MessageBody");
        }
        if (!body.codePoints().allMatch(MessageViews::allowed)) {
            throw new InvalidMessageContents(
                    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20"
                            + " to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
        }
        Map<String, Attribute> attributes = MessageViews.attributes(draft.attributes);
        int max = Attributes.number(queue, "MaximumMessageSize");
        if (draft.size() > max) {
            throw Refused.value(
                    "One or more parameters "
                            + (draft.batch ? "cannot be validated" : "are invalid")
                            + ". Reason: Message must be shorter than "
                            + max
                            + " bytes.");
        }
        return new Outgoing(
                new Content(body, attributes),
                system(queue, draft, body, caller),
                delay(queue, draft.delay));
    }

    private static int delay(Queue queue, @Nullable Integer asked) {
        if (asked == null) {
            return Attributes.number(queue, "DelaySeconds");
        }
        if (queue.fifo() && asked != 0) {
            throw Refused.value(
                    asked,
                    "DelaySeconds",
                    "The request include parameter that is not valid for this queue type.");
        }
        if (asked < 0 || asked > MAX_DELAY) {
            throw Refused.value(asked, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
        }
        return asked == 0 && queue.fifo() ? Attributes.number(queue, "DelaySeconds") : asked;
    }

    private static Map<String, String> system(
            Queue queue, Draft draft, String body, Caller caller) {
        Map<String, String> system = new LinkedHashMap<>();
        system.put("SenderId", caller.principal().id());
        if (draft.system != null) {
            draft.system.forEach((name, value) -> {
                if (!name.equals("AWSTraceHeader")) {
                    throw Refused.value(
                            "Message system attribute name '"
                                    + name
                                    + "' is invalid. You must use only the following supported"
                                    + " names: AWSTraceHeader.");
                }
                if (!"String".equals(value.dataType()) || value.stringValue() == null) {
                    throw Refused.value(
                            "Message system attribute '"
                                    + name
                                    + "' must contain a non-empty value of type 'String'.");
                }
                system.put(name, value.stringValue());
            });
        }
        String trace = caller.facts().get(Caller.TRACE_HEADER);
        if (trace != null) {
            system.putIfAbsent("AWSTraceHeader", trace);
        }
        String group = draft.groupId;
        if (group == null && queue.fifo()) {
            throw Refused.missing("MessageGroupId");
        }
        if (group != null) {
            system.put("MessageGroupId", id(group, "MessageGroupId"));
        }
        String deduplication = deduplication(queue, draft, body);
        if (deduplication != null) {
            system.put("MessageDeduplicationId", deduplication);
        }
        return system;
    }

    private static @Nullable String deduplication(Queue queue, Draft draft, String body) {
        String id = draft.deduplicationId;
        if (!queue.fifo()) {
            if (id != null) {
                throw Refused.value(
                        id,
                        "MessageDeduplicationId",
                        "The request includes a parameter that is not valid for this queue type.");
            }
            return null;
        }
        if (id != null) {
            return id(id, "MessageDeduplicationId");
        }
        if (!"true".equals(queue.attributes().get("ContentBasedDeduplication"))) {
            throw Refused.value(
                    "The queue should either have ContentBasedDeduplication enabled or"
                            + " MessageDeduplicationId provided explicitly");
        }
        return sha256(body);
    }

    private static String id(String id, String name) {
        boolean good =
                !id.isEmpty()
                        && id.length() <= MAX_ID
                        && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!good) {
            throw Refused.value(
                    id,
                    name,
                    name
                            + " can only include alphanumeric and punctuation characters. 1 to 128"
                            + " in length.");
        }
        return id;
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
