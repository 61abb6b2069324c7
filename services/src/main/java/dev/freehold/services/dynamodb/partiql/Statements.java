package dev.freehold.services.dynamodb.partiql;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.BatchExecuteStatementRequest;
import dev.freehold.api.dynamodb.BatchExecuteStatementResponse;
import dev.freehold.api.dynamodb.BatchStatementError;
import dev.freehold.api.dynamodb.BatchStatementRequest;
import dev.freehold.api.dynamodb.BatchStatementResponse;
import dev.freehold.api.dynamodb.ConditionalCheckFailedException;
import dev.freehold.api.dynamodb.DuplicateItemException;
import dev.freehold.api.dynamodb.ExecuteStatementRequest;
import dev.freehold.api.dynamodb.ExecuteStatementResponse;
import dev.freehold.api.dynamodb.ExecuteTransactionRequest;
import dev.freehold.api.dynamodb.ExecuteTransactionResponse;
import dev.freehold.api.dynamodb.ItemResponse;
import dev.freehold.api.dynamodb.ParameterizedStatement;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.Operand;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Projection;
import dev.freehold.services.dynamodb.item.ItemOperations;
import dev.freehold.services.dynamodb.item.ItemWrite;
import dev.freehold.services.dynamodb.item.Items;
import dev.freehold.services.dynamodb.item.Queries;
import dev.freehold.services.dynamodb.item.Transactions;
import dev.freehold.services.dynamodb.item.Writer;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.value.ItemCodec;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// ExecuteStatement, BatchExecuteStatement, ExecuteTransaction.
public final class Statements {
    private final Store store;
    private final Catalog catalog;
    private final Writer writer;
    private final Transactions transactions;

    public Statements(Store store, Catalog catalog, Writer writer, Transactions transactions) {
        this.store = store;
        this.catalog = catalog;
        this.writer = writer;
        this.transactions = transactions;
    }

    public ExecuteStatementResponse executeStatement(ExecuteStatementRequest in, Caller caller) {
        Statement statement = PartiqlParser.parse(in.statement(), in.parameters());
        if (statement instanceof Statement.Select select) {
            return select(select, in, caller);
        }
        if (statement instanceof Statement.Exists) {
            throw Values.invalid("EXISTS is only supported in transactions");
        }
        Map<String, AttributeValue> item = write(statement, caller);
        return ExecuteStatementResponse.builder()
                .items(item == null ? List.of() : List.of(item))
                .build();
    }

    private ExecuteStatementResponse select(
            Statement.Select select, ExecuteStatementRequest in, Caller caller) {
        Map<String, AttributeValue> start = in.nextToken() == null ? null : start(in.nextToken());
        Queries.Walk walk =
                new Queries.Walk(
                        select.index(),
                        start,
                        select.descending(),
                        in.limit() == null ? Integer.MAX_VALUE : in.limit(),
                        Boolean.TRUE.equals(in.consistentRead()));
        Queries.Walked walked = walk(select, walk, caller);
        caller.usage().add("dynamodb.read-request-units", walked.units());
        return ExecuteStatementResponse.builder()
                .items(shown(walked.items(), select.paths()))
                .lastEvaluatedKey(walked.last())
                .nextToken(walked.last() == null ? null : token(walked.last()))
                .build();
    }

    private Queries.Walked walk(Statement.Select select, Queries.Walk walk, Caller caller) {
        TableKey key = TableKey.of(select.table(), caller);
        return store.read(tx -> {
            TableSchema table = catalog.require(tx, key);
            TableSchema.Key walked = Queries.keyOf(table, select.index());
            KeyParts parts = KeyParts.of(select.where(), walked);
            return Queries.walk(
                    tx,
                    table,
                    walk,
                    parts.namesPartition(walked) ? parts.predicates() : null,
                    select.where());
        });
    }

    private static List<Map<String, AttributeValue>> shown(
            List<Map<String, AttributeValue>> items, @Nullable List<Path> paths) {
        if (paths == null) {
            return items;
        }
        Projection projection = Projection.of(paths);
        return items.stream().map(projection::apply).toList();
    }

    private static String token(Map<String, AttributeValue> last) {
        ValueWriter out = new ValueWriter();
        ItemCodec.writeItem(out, last);
        return Blob.wrap(out.toBytes()).base64();
    }

    private static Map<String, AttributeValue> start(String token) {
        try {
            return ItemCodec.readItem(new ValueReader(Blob.ofBase64(token).bytes()));
        } catch (RuntimeException e) {
            throw Values.invalid("Given NextToken is invalid");
        }
    }

    /// The write that a statement asks for, on its table.
    private static ItemWrite write(Statement statement, TableSchema table) {
        return switch (statement) {
            case Statement.Insert(String _, Map<String, AttributeValue> item) -> {
                ItemOperations.checkSize(item);
                yield write(table, new ItemWrite.Put(item), new Condition.Missing(hash(table)));
            }
            case Statement.Change change -> {
                KeyParts parts = KeyParts.of(change.where(), table.own());
                Condition there = new Condition.Exists(hash(table));
                Condition rest = parts.rest();
                yield write(
                        table,
                        new ItemWrite.Change(parts.exact(table.own()), change.update()),
                        rest == null ? there : new Condition.And(there, rest));
            }
            case Statement.Delete delete -> {
                KeyParts parts = KeyParts.of(delete.where(), table.own());
                yield write(table, new ItemWrite.Delete(parts.exact(table.own())), parts.rest());
            }
            case Statement.Exists(Statement.Select select) -> {
                KeyParts parts = KeyParts.of(select.where(), table.own());
                Condition there = new Condition.Exists(hash(table));
                Condition rest = parts.rest();
                yield write(
                        table,
                        new ItemWrite.Check(parts.exact(table.own())),
                        rest == null ? there : new Condition.And(there, rest));
            }
            case Statement.Select _ -> throw new IllegalArgumentException("not a write");
        };
    }

    private static Operand hash(TableSchema table) {
        return new Operand.At(Path.of(table.own().hash().getFirst().name()));
    }

    private static ItemWrite write(
            TableSchema table, ItemWrite.Action action, @Nullable Condition condition) {
        return new ItemWrite(table.key(), action, condition, Set.of(), false);
    }

    /// Does a write.
    ///
    /// @return what it returns, or null
    private @Nullable Map<String, AttributeValue> write(Statement statement, Caller caller) {
        TableKey key = TableKey.of(statement.table(), caller);
        Writer.Written written =
                store.update(tx -> {
                    ItemWrite write = write(statement, catalog.require(tx, key));
                    try {
                        return writer.apply(tx, write);
                    } catch (ConditionalCheckFailedException e) {
                        throw statement instanceof Statement.Insert
                                ? new DuplicateItemException(
                                        "Duplicate primary key exists in table")
                                : e;
                    }
                });
        caller.usage().add("dynamodb.write-request-units", written.units());
        return switch (statement) {
            case Statement.Change change ->
                    ItemOperations.returned(change.returning(), written, change.update());
            case Statement.Delete delete ->
                    "ALL_OLD".equals(delete.returning()) ? written.before() : null;
            default -> null;
        };
    }

    public BatchExecuteStatementResponse batchExecuteStatement(
            BatchExecuteStatementRequest in, Caller caller) {
        List<BatchStatementResponse> responses = new ArrayList<>();
        for (BatchStatementRequest one : in.statements()) {
            responses.add(batched(one, caller));
        }
        return BatchExecuteStatementResponse.builder().responses(responses).build();
    }

    private BatchStatementResponse batched(BatchStatementRequest one, Caller caller) {
        BatchStatementResponse.Builder out = BatchStatementResponse.builder();
        try {
            Statement statement = PartiqlParser.parse(one.statement(), one.parameters());
            out.tableName(statement.table());
            if (statement instanceof Statement.Select select) {
                out.item(single(select, Boolean.TRUE.equals(one.consistentRead()), caller));
            } else {
                out.item(write(statement, caller));
            }
        } catch (ServiceError e) {
            String code = e.shape().name().replaceAll("Exception$", "");
            out.error(
                    BatchStatementError.builder()
                            .code(
                                    switch (code) {
                                        case "Validation" -> "ValidationError";
                                        case "ConditionalCheckFailed" -> "ConditionalCheckFailed";
                                        case "ResourceNotFound" -> "ResourceNotFound";
                                        default -> code;
                                    })
                            .message(e.getMessage())
                            .build());
        }
        return out.build();
    }

    /// The item that a statement of a batch reads, which must name its whole key.
    private @Nullable Map<String, AttributeValue> single(
            Statement.Select select, boolean consistent, Caller caller) {
        return store.read(tx -> single(tx, select, caller));
    }

    private @Nullable Map<String, AttributeValue> single(
            Transaction tx, Statement.Select select, Caller caller) {
        TableSchema table = catalog.require(tx, TableKey.of(select.table(), caller));
        Map<String, AttributeValue> key =
                KeyParts.of(select.where(), table.own()).exact(table.own());
        Map<String, AttributeValue> item = Items.get(tx, table.at(key));
        if (item == null || select.where() != null && !select.where().holds(item)) {
            return null;
        }
        return select.paths() == null ? item : Projection.of(select.paths()).apply(item);
    }

    public ExecuteTransactionResponse executeTransaction(
            ExecuteTransactionRequest in, Caller caller) {
        List<Statement> statements = new ArrayList<>();
        for (ParameterizedStatement one : in.transactStatements()) {
            statements.add(PartiqlParser.parse(one.statement(), one.parameters()));
        }
        long reads = statements.stream().filter(Statement.Select.class::isInstance).count();
        if (reads > 0 && reads < statements.size()) {
            throw Values.invalid("All statements of a transaction must be reads, or all writes");
        }
        if (reads > 0) {
            List<ItemResponse> responses =
                    store.read(tx ->
                            statements.stream()
                                    .map(one -> single(tx, (Statement.Select) one, caller))
                                    .map(item -> ItemResponse.builder().item(item).build())
                                    .toList());
            return ExecuteTransactionResponse.builder().responses(responses).build();
        }
        List<ItemWrite> writes =
                store.read(tx ->
                        statements.stream()
                                .map(one ->
                                        write(
                                                one,
                                                catalog.require(
                                                        tx, TableKey.of(one.table(), caller))))
                                .toList());
        Transactions.Outcome outcome =
                transactions.run(writes, in.clientRequestToken(), in, caller);
        double units = outcome.written().stream().mapToDouble(Writer.Written::units).sum();
        caller.usage().add("dynamodb.write-request-units", 2 * units);
        return ExecuteTransactionResponse.builder().responses(List.of()).build();
    }
}
