package dev.freehold.services.sns;

import dev.freehold.protocol.Arn;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of SNS: 220 to 239.
final class SnsTables {
    /// A topic's name in its account and region.
    record TopicKey(String account, String region, String name) {
        void write(KeyWriter out) {
            out.string(account).string(region).string(name);
        }

        static TopicKey read(KeyReader in) {
            return new TopicKey(in.string(), in.string(), in.string());
        }

        /// The key of a topic's ARN.
        static TopicKey of(Arn arn) {
            return new TopicKey(arn.account(), arn.region(), arn.resource());
        }

        String arn() {
            return new Arn("aws", "sns", region, account, name).toString();
        }

        boolean fifo() {
            return name.endsWith(".fifo");
        }
    }

    /// @param attributes those that were set; the others have defaults
    record Topic(Map<String, String> attributes, Map<String, String> tags) {
        Topic with(String name, String value) {
            Map<String, String> next = new LinkedHashMap<>(attributes);
            next.put(name, value);
            return new Topic(next, tags);
        }

        Topic withTags(Map<String, String> next) {
            return new Topic(attributes, next);
        }

        boolean is(String attribute) {
            return "true".equals(attributes.get(attribute));
        }
    }

    /// A subscription: its topic and a UUID.
    record SubscriptionKey(TopicKey topic, String id) {
        void write(KeyWriter out) {
            topic.write(out);
            out.string(id);
        }

        static SubscriptionKey read(KeyReader in) {
            return new SubscriptionKey(TopicKey.read(in), in.string());
        }

        String arn() {
            return topic.arn() + ":" + id;
        }

        /// The key of a subscription's ARN, or null when it is the ARN of none.
        static @Nullable SubscriptionKey parse(String text) {
            Arn arn = Arn.parse(text);
            int colon = arn == null ? -1 : arn.resource().lastIndexOf(':');
            if (arn == null || colon < 0 || !arn.service().equals("sns")) {
                return null;
            }
            String name = arn.resource().substring(0, colon);
            return new SubscriptionKey(
                    new TopicKey(arn.account(), arn.region(), name),
                    arn.resource().substring(colon + 1));
        }
    }

    /// @param owner the account that subscribed
    /// @param principal the ARN of who subscribed
    /// @param confirmed whether the endpoint wants it
    /// @param authenticated whether only its owner may end it
    record Subscription(
            String protocol,
            String endpoint,
            String owner,
            String principal,
            boolean confirmed,
            boolean authenticated,
            Map<String, String> attributes) {
        Subscription withConfirmed(boolean authenticatedNow) {
            return new Subscription(
                    protocol, endpoint, owner, principal, true, authenticatedNow, attributes);
        }

        Subscription with(String name, String value) {
            Map<String, String> next = new LinkedHashMap<>(attributes);
            if (value.isEmpty()) {
                next.remove(name);
            } else {
                next.put(name, value);
            }
            return new Subscription(
                    protocol, endpoint, owner, principal, confirmed, authenticated, next);
        }

        boolean raw() {
            return "true".equals(attributes.get("RawMessageDelivery"));
        }
    }

    record EndpointKey(TopicKey topic, String protocol, String endpoint) {}

    /// A subscription that waits for the token, and whether it was ended and may come back.
    record Token(SubscriptionKey subscription, Instant expires, @Nullable Subscription ended) {}

    /// @param scope the message group, or empty for the whole topic
    record DuplicateKey(TopicKey topic, String scope, String id) {}

    record Sent(String messageId, long sequence, Instant expires) {}

    record ExpiryKey(TopicKey topic, Instant expires, String scope, String id) {}

    record CountKey(TopicKey topic, String what) {}

    static final Table<TopicKey, Topic> TOPICS =
            new Table<>(
                    220,
                    "sns.topics",
                    Codecs.key((key, out) -> key.write(out), TopicKey::read),
                    Codecs.of(
                            (out, topic) -> out.strings(topic.attributes).strings(topic.tags),
                            in -> new Topic(in.strings(), in.strings())));

    static final Table<SubscriptionKey, Subscription> SUBSCRIPTIONS =
            new Table<>(
                    221,
                    "sns.subscriptions",
                    Codecs.key((key, out) -> key.write(out), SubscriptionKey::read),
                    Codecs.of(Rows::write, Rows::subscription));

    /// The subscription of an endpoint: there is one for each.
    static final Table<EndpointKey, String> ENDPOINTS =
            new Table<>(
                    222,
                    "sns.endpoints",
                    Codecs.key(
                            (key, out) -> {
                                key.topic.write(out);
                                out.string(key.protocol).string(key.endpoint);
                            },
                            in -> new EndpointKey(TopicKey.read(in), in.string(), in.string())),
                    Codecs.STRING);

    /// What confirms subscriptions.
    static final Table<String, Token> TOKENS =
            new Table<>(223, "sns.tokens", Codecs.STRING_KEY, Codecs.of(Rows::write, Rows::token));

    /// Messages that FIFO topics took in the last minutes, by their deduplication ids.
    static final Table<DuplicateKey, Sent> DUPLICATES =
            new Table<>(
                    224,
                    "sns.duplicates",
                    Codecs.key(
                            (key, out) -> {
                                key.topic.write(out);
                                out.string(key.scope).string(key.id);
                            },
                            in -> new DuplicateKey(TopicKey.read(in), in.string(), in.string())),
                    Codecs.of(
                            (out, sent) ->
                                    out.string(sent.messageId)
                                            .int64(sent.sequence)
                                            .instant(sent.expires),
                            in -> new Sent(in.string(), in.int64(), in.instant())));

    /// When deduplication ids are forgotten.
    static final Table<ExpiryKey, Boolean> EXPIRIES =
            new Table<>(
                    225,
                    "sns.expiries",
                    Codecs.key(
                            (key, out) -> {
                                key.topic.write(out);
                                out.instant(key.expires).string(key.scope).string(key.id);
                            },
                            in ->
                                    new ExpiryKey(
                                            TopicKey.read(in),
                                            in.instant(),
                                            in.string(),
                                            in.string())),
                    Codecs.PRESENT);

    /// The last sequence number of each FIFO topic.
    static final Table<TopicKey, Long> SEQUENCES =
            new Table<>(
                    226,
                    "sns.sequences",
                    Codecs.key((key, out) -> key.write(out), TopicKey::read),
                    Codecs.INT64);

    /// How many subscriptions a topic has: confirmed, pending, deleted.
    static final Table<CountKey, Long> COUNTS =
            new Table<>(
                    227,
                    "sns.counts",
                    Codecs.key(
                            (key, out) -> {
                                key.topic.write(out);
                                out.string(key.what);
                            },
                            in -> new CountKey(TopicKey.read(in), in.string())),
                    Codecs.INT64);

    /// The key that signs messages, and its certificate.
    static final Table<String, byte[]> SIGNING =
            new Table<>(228, "sns.signing", Codecs.STRING_KEY, Codecs.BYTES);

    private SnsTables() {}

    static KeyRange ofTopic(TopicKey topic) {
        return KeyRange.prefix(topic::write);
    }
}
