package dev.freehold.services.sns;

import dev.freehold.protocol.Blob;
import dev.freehold.services.sns.MessageAttributes.Attribute;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is told to a subscriber: a published message, or that it is to confirm something.
///
/// @param type `Notification`, `SubscriptionConfirmation` or `UnsubscribeConfirmation`
/// @param messageId the message's UUID
/// @param timestamp when it was published, as the envelope says it
/// @param token what confirms, for confirmations
/// @param fifo what FIFO topics add, or null
/// @param trace the X-Ray header of the publisher, or null
record Notification(
        String type,
        String messageId,
        String topicArn,
        @Nullable String subject,
        String message,
        String timestamp,
        Map<String, Attribute> attributes,
        @Nullable String token,
        @Nullable String groupId,
        @Nullable Fifo fifo,
        @Nullable String trace) {
    /// @param sequence the message's number in its topic, 20 digits
    record Fifo(String deduplicationId, String sequence) {}

    boolean isMessage() {
        return type.equals("Notification");
    }

    Notification withMessage(String other) {
        return new Notification(
                type,
                messageId,
                topicArn,
                subject,
                other,
                timestamp,
                attributes,
                token,
                groupId,
                fifo,
                trace);
    }

    Blob toBlob() {
        ValueWriter out = new ValueWriter();
        out.string(type)
                .string(messageId)
                .string(topicArn)
                .optionalString(subject)
                .string(message)
                .string(timestamp)
                .map(attributes, Notification::write)
                .optionalString(token)
                .optionalString(groupId)
                .optional(fifo, (to, f) -> to.string(f.deduplicationId).string(f.sequence))
                .optionalString(trace);
        return Blob.wrap(out.toBytes());
    }

    private static void write(ValueWriter out, Attribute attribute) {
        out.string(attribute.type())
                .optionalString(attribute.text())
                .optional(attribute.bytes(), (to, bytes) -> to.bytes(bytes.bytes()));
    }

    static Notification of(Blob blob) {
        ValueReader in = new ValueReader(blob.bytes());
        return new Notification(
                in.string(),
                in.string(),
                in.string(),
                in.optionalString(),
                in.string(),
                in.string(),
                in.map(Notification::attribute),
                in.optionalString(),
                in.optionalString(),
                in.optional(from -> new Fifo(from.string(), from.string())),
                in.optionalString());
    }

    private static Attribute attribute(ValueReader in) {
        return new Attribute(
                in.string(), in.optionalString(), in.optional(from -> Blob.wrap(from.bytes())));
    }

    /// The attributes as envelopes have them.
    Map<String, Object> attributesView() {
        Map<String, Object> view = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("Type", attribute.type());
            one.put("Value", attribute.printed());
            view.put(name, one);
        });
        return view;
    }
}
