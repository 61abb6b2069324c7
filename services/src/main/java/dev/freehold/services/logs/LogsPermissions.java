package dev.freehold.services.logs;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operations of CloudWatch Logs ask to be allowed: the operation on its group or stream.
public final class LogsPermissions implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String group = text(input, "logGroupName");
        String stream = text(input, "logStreamName");
        String resource = "log-group:" + (group == null ? "*" : group);
        boolean onStream = stream != null && !operation.name().equals("CreateLogStream");
        resource += ":log-stream:" + (onStream ? stream : group == null ? "*" : "");
        return List.of(
                new Permission(
                        "logs:" + operation.name(), caller.arn("logs", resource).toString()));
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
