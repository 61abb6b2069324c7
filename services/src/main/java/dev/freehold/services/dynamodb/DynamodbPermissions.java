package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.BatchExecuteStatementRequest;
import dev.freehold.api.dynamodb.BatchGetItemRequest;
import dev.freehold.api.dynamodb.BatchWriteItemRequest;
import dev.freehold.api.dynamodb.ExecuteStatementRequest;
import dev.freehold.api.dynamodb.ExecuteTransactionRequest;
import dev.freehold.api.dynamodb.TransactGetItem;
import dev.freehold.api.dynamodb.TransactGetItemsRequest;
import dev.freehold.api.dynamodb.TransactWriteItem;
import dev.freehold.api.dynamodb.TransactWriteItemsRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.services.dynamodb.partiql.StatementAction;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.storage.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What DynamoDB's operations ask to be allowed: the operation on each table, or index, it names;
/// in transactions, what each part does; of statements, what PartiQL's actions call it.
public final class DynamodbPermissions implements Permissions {
    private final Store store;
    private final Catalog catalog = new Catalog();

    public DynamodbPermissions(Store store) {
        this.store = store;
    }

    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String action = "dynamodb:" + operation.name();
        return switch (input) {
            case BatchGetItemRequest in -> all(action, names(in.requestItems()), caller);
            case BatchWriteItemRequest in -> all(action, names(in.requestItems()), caller);
            case TransactWriteItemsRequest in -> writes(in.transactItems(), caller);
            case TransactGetItemsRequest in -> gets(in.transactItems(), caller);
            case ExecuteStatementRequest in -> statement(in.statement(), in.parameters(), caller);
            case BatchExecuteStatementRequest in ->
                    orEmpty(in.statements()).stream()
                            .flatMap(one ->
                                    statement(one.statement(), one.parameters(), caller).stream())
                            .toList();
            case ExecuteTransactionRequest in ->
                    orEmpty(in.transactStatements()).stream()
                            .flatMap(one ->
                                    statement(one.statement(), one.parameters(), caller).stream())
                            .toList();
            default -> one(action, input, caller);
        };
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private List<Permission> statement(
            @Nullable String text, @Nullable List<AttributeValue> parameters, Caller caller) {
        StatementAction statement = text == null ? null : StatementAction.of(text, parameters);
        if (statement == null) {
            return List.of();
        }
        TableKey key = TableKey.of(statement.table(), caller);
        TableSchema table = store.read(tx -> catalog.find(tx, key));
        Permission on =
                permission(statement.action(), statement.table(), statement.index(), caller);
        if (!statement.action().endsWith("Select")) {
            return List.of(on);
        }
        boolean scans = table != null && statement.scans(table);
        Map<String, String> facts = Map.of("dynamodb:FullTableScan", String.valueOf(scans));
        return List.of(
                new Permission(
                        on.action(),
                        on.resource(),
                        facts,
                        on.resourcePolicy(),
                        on.resourceAccount()));
    }

    private static Collection<String> names(@Nullable Map<String, ?> tables) {
        return tables == null ? List.of() : tables.keySet();
    }

    private List<Permission> all(String action, Collection<String> tables, Caller caller) {
        return tables.stream().map(table -> permission(action, table, null, caller)).toList();
    }

    private List<Permission> one(String action, Structure input, Caller caller) {
        String table = text(input, "TableName");
        String arn = text(input, "ResourceArn");
        if (table != null) {
            return List.of(permission(action, table, text(input, "IndexName"), caller));
        }
        return List.of(
                arn == null ? new Permission(action, "*") : permission(action, arn, null, caller));
    }

    private Permission permission(
            String action, String named, @Nullable String index, Caller caller) {
        TableKey key = TableKey.of(named, caller);
        TableSchema table = store.read(tx -> catalog.find(tx, key));
        String policy = table == null ? null : table.row().settings().policy();
        String resource = "table/" + key.name() + (index == null ? "" : "/index/" + index);
        String arn =
                "arn:"
                        + caller.partition()
                        + ":dynamodb:"
                        + key.region()
                        + ":"
                        + key.account()
                        + ":"
                        + resource;
        return new Permission(action, arn, Map.of(), policy, key.account());
    }

    private List<Permission> writes(@Nullable List<TransactWriteItem> items, Caller caller) {
        List<Permission> permissions = new ArrayList<>();
        for (TransactWriteItem item : items == null ? List.<TransactWriteItem>of() : items) {
            add(permissions, "PutItem", item.put(), caller);
            add(permissions, "DeleteItem", item.delete(), caller);
            add(permissions, "UpdateItem", item.update(), caller);
            add(permissions, "ConditionCheckItem", item.conditionCheck(), caller);
        }
        return permissions;
    }

    private List<Permission> gets(@Nullable List<TransactGetItem> items, Caller caller) {
        List<Permission> permissions = new ArrayList<>();
        for (TransactGetItem item : items == null ? List.<TransactGetItem>of() : items) {
            add(permissions, "GetItem", item.get(), caller);
        }
        return permissions;
    }

    private void add(
            List<Permission> permissions, String action, @Nullable Structure part, Caller caller) {
        String table = part == null ? null : text(part, "TableName");
        if (table != null) {
            permissions.add(permission("dynamodb:" + action, table, null, caller));
        }
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
