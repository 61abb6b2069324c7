package dev.freehold.services.sns;

import dev.freehold.services.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON documents that subscribers get.
///
/// See <https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html>.
final class Envelopes {
    private final Signer signer;
    private final String endpoint;

    /// @param endpoint what links begin with
    Envelopes(Signer signer, String endpoint) {
        this.signer = signer;
        this.endpoint = endpoint;
    }

    /// What queues and HTTP endpoints get.
    ///
    /// @param subscription the subscription's ARN
    /// @param signatureVersion 1 or 2
    String json(Notification told, String subscription, String signatureVersion) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("Type", told.type());
        all.put("MessageId", told.messageId());
        Notification.Fifo fifo = told.fifo();
        if (fifo != null) {
            all.put("SequenceNumber", fifo.sequence());
        }
        if (told.token() != null) {
            all.put("Token", told.token());
        }
        all.put("TopicArn", told.topicArn());
        if (told.subject() != null) {
            all.put("Subject", told.subject());
        }
        all.put("Message", told.message());
        if (told.token() != null) {
            all.put("SubscribeURL", subscribeUrl(told));
        }
        all.put("Timestamp", told.timestamp());
        if (fifo == null) {
            sign(all, told, signatureVersion, "SigningCertURL");
        }
        if (told.isMessage()) {
            all.put("UnsubscribeURL", unsubscribeUrl(subscription));
            if (!told.attributes().isEmpty()) {
                all.put("MessageAttributes", told.attributesView());
            }
        }
        return Json.write(all);
    }

    /// The event that functions get. AWS: it says version 1, by whichever version it is signed.
    ///
    /// @param signatureVersion the topic's
    String event(Notification told, String subscription, String signatureVersion) {
        Map<String, @Nullable Object> sns = new LinkedHashMap<>();
        sns.put("Type", told.type());
        sns.put("MessageId", told.messageId());
        sns.put("TopicArn", told.topicArn());
        sns.put("Subject", told.subject());
        sns.put("Message", told.message());
        sns.put("Timestamp", told.timestamp());
        sign(sns, told, signatureVersion, "SigningCertUrl");
        sns.put("SignatureVersion", "1");
        sns.put("UnsubscribeUrl", unsubscribeUrl(subscription));
        sns.put("MessageAttributes", told.attributesView());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("EventSource", "aws:sns");
        event.put("EventVersion", "1.0");
        event.put("EventSubscriptionArn", subscription);
        event.put("Sns", sns);
        return Json.write(Map.of("Records", List.of(event)));
    }

    private void sign(
            Map<String, @Nullable Object> envelope,
            Notification told,
            String version,
            String certificateName) {
        envelope.put("SignatureVersion", version);
        envelope.put("Signature", signer.sign(toSign(told), version));
        envelope.put(certificateName, endpoint + signer.certificatePath());
    }

    private String subscribeUrl(Notification told) {
        return endpoint
                + "/?Action=ConfirmSubscription&TopicArn="
                + told.topicArn()
                + "&Token="
                + told.token();
    }

    private String unsubscribeUrl(String subscription) {
        return endpoint + "/?Action=Unsubscribe&SubscriptionArn=" + subscription;
    }

    /// The text that is signed: names and values, a line each.
    ///
    /// See <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>.
    private String toSign(Notification told) {
        StringBuilder text = new StringBuilder();
        line(text, "Message", told.message());
        line(text, "MessageId", told.messageId());
        if (told.isMessage()) {
            if (told.subject() != null) {
                line(text, "Subject", told.subject());
            }
        } else {
            line(text, "SubscribeURL", subscribeUrl(told));
        }
        line(text, "Timestamp", told.timestamp());
        if (!told.isMessage()) {
            line(text, "Token", String.valueOf(told.token()));
        }
        line(text, "TopicArn", told.topicArn());
        line(text, "Type", told.type());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('\n').append(value).append('\n');
    }
}
