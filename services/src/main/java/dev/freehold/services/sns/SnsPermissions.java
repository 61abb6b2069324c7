package dev.freehold.services.sns;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Structure;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What SNS's operations ask to be allowed: the operation on its topic, whose policy may allow it.
/// The links in messages need no permission: to confirm, the token is one.
public record SnsPermissions(Store store) implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String name = operation.name();
        boolean link = name.equals("ConfirmSubscription") || name.equals("Unsubscribe");
        if (link && caller.principal() instanceof Principal.Anonymous) {
            return List.of();
        }
        TopicKey key = topic(input);
        String action = "sns:" + (name.equals("PublishBatch") ? "Publish" : name);
        if (key == null) {
            return List.of(new Permission(action, "*"));
        }
        Topic topic = store.read(tx -> tx.peek(SnsTables.TOPICS, key));
        String policy = topic == null ? null : TopicPolicy.of(key, topic);
        return List.of(new Permission(action, key.arn(), facts(input, caller), policy));
    }

    private static Map<String, String> facts(Structure input, Caller caller) {
        Map<String, String> facts = new LinkedHashMap<>();
        // The default policy knows the callers of its own account by this.
        if (!(caller.principal() instanceof Principal.Service)
                && !(caller.principal() instanceof Principal.Anonymous)) {
            facts.put("aws:SourceOwner", caller.account());
        }
        for (String name : List.of("Endpoint", "Protocol")) {
            String value = text(input, name);
            if (value != null) {
                facts.put("sns:" + name, value);
            }
        }
        return facts;
    }

    private static @Nullable TopicKey topic(Structure input) {
        String subscription = text(input, "SubscriptionArn");
        if (subscription != null) {
            SubscriptionKey key = SubscriptionKey.parse(subscription);
            return key == null ? null : key.topic();
        }
        for (String name : List.of("TopicArn", "TargetArn", "ResourceArn")) {
            String value = text(input, name);
            Arn arn = value == null ? null : Arn.parse(value);
            if (arn != null && arn.service().equals("sns")) {
                return TopicKey.of(arn);
            }
        }
        return null;
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
