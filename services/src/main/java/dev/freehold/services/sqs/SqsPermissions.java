package dev.freehold.services.sqs;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Store;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What SQS's operations ask to be allowed: the operation on its queue, whose policy may allow it.
/// Batches are allowed with their single operations.
public record SqsPermissions(Store store) implements Permissions {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String name = operation.name();
        String action = name.endsWith("Batch") ? name.substring(0, name.length() - 5) : name;
        String url = text(input, "QueueUrl");
        String queueName =
                url == null ? text(input, "QueueName") : url.substring(url.lastIndexOf('/') + 1);
        if (queueName == null) {
            return List.of(new Permission("sqs:" + action, "*"));
        }
        String[] parts = url == null ? new String[0] : url.split("/", -1);
        String account =
                parts.length > 1 && ACCOUNT.matcher(parts[parts.length - 2]).matches()
                        ? parts[parts.length - 2]
                        : caller.account();
        QueueKey key = new QueueKey(account, caller.region(), queueName);
        Queue queue = store.read(tx -> tx.peek(SqsTables.QUEUES, key));
        String policy = queue == null ? null : queue.attributes().get("Policy");
        return List.of(new Permission("sqs:" + action, key.arn(), Map.of(), policy));
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
