package dev.freehold.services.sns;

import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Token;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;

/// How the values of SNS's tables are written.
final class Rows {
    private Rows() {}

    static void write(ValueWriter out, Subscription row) {
        out.string(row.protocol())
                .string(row.endpoint())
                .string(row.owner())
                .string(row.principal())
                .bool(row.confirmed())
                .bool(row.authenticated())
                .strings(row.attributes());
    }

    static Subscription subscription(ValueReader in) {
        return new Subscription(
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.bool(),
                in.bool(),
                in.strings());
    }

    static void write(ValueWriter out, Token row) {
        TopicKey topic = row.subscription().topic();
        out.string(topic.account())
                .string(topic.region())
                .string(topic.name())
                .string(row.subscription().id())
                .instant(row.expires())
                .optional(row.ended(), Rows::write);
    }

    static Token token(ValueReader in) {
        TopicKey topic = new TopicKey(in.string(), in.string(), in.string());
        return new Token(
                new SubscriptionKey(topic, in.string()),
                in.instant(),
                in.optional(Rows::subscription));
    }
}
