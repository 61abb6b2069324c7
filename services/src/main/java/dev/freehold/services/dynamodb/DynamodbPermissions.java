package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.BatchGetItemRequest;
import dev.freehold.api.dynamodb.BatchWriteItemRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What DynamoDB's operations ask to be allowed: the operation on each table, or index, it names.
public final class DynamodbPermissions implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String action = "dynamodb:" + operation.name();
        Collection<String> tables =
                switch (input) {
                    case BatchGetItemRequest in -> in.requestItems().keySet();
                    case BatchWriteItemRequest in -> in.requestItems().keySet();
                    default -> {
                        String table = text(input, "TableName");
                        yield table == null ? List.of() : List.of(table);
                    }
                };
        List<Permission> permissions = new ArrayList<>();
        String index = text(input, "IndexName");
        for (String table : tables) {
            String name =
                    table.startsWith("arn:") ? table.substring(table.lastIndexOf('/') + 1) : table;
            String resource = "table/" + name + (index == null ? "" : "/index/" + index);
            permissions.add(new Permission(action, caller.arn("dynamodb", resource).toString()));
        }
        return permissions.isEmpty() ? List.of(new Permission(action, "*")) : permissions;
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
