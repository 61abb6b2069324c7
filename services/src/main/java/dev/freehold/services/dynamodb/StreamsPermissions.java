package dev.freehold.services.dynamodb;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import java.util.List;

/// What the operations of DynamoDB Streams ask to be allowed: the operation on the stream they
/// name, or that their iterator is of.
public final class StreamsPermissions implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String action = "dynamodb:" + operation.name();
        for (String name : List.of("StreamArn", "ShardIterator")) {
            Member member = input.schema().member(name);
            Object value = member == null ? null : input.member(member.index());
            if (value instanceof String text) {
                int end = text.indexOf('|');
                String arn = end < 0 ? text : text.substring(0, end);
                return List.of(new Permission(action, arn));
            }
        }
        return List.of(new Permission(action, "*"));
    }
}
