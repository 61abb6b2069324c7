package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.CancellationReason;
import dev.freehold.api.dynamodb.ConditionCheck;
import dev.freehold.api.dynamodb.ConditionalCheckFailedException;
import dev.freehold.api.dynamodb.Delete;
import dev.freehold.api.dynamodb.Get;
import dev.freehold.api.dynamodb.IdempotentParameterMismatchException;
import dev.freehold.api.dynamodb.ItemCollectionMetrics;
import dev.freehold.api.dynamodb.ItemResponse;
import dev.freehold.api.dynamodb.Put;
import dev.freehold.api.dynamodb.TransactGetItem;
import dev.freehold.api.dynamodb.TransactGetItemsRequest;
import dev.freehold.api.dynamodb.TransactGetItemsResponse;
import dev.freehold.api.dynamodb.TransactWriteItem;
import dev.freehold.api.dynamodb.TransactWriteItemsRequest;
import dev.freehold.api.dynamodb.TransactWriteItemsResponse;
import dev.freehold.api.dynamodb.TransactionCanceledException;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.json.JsonWriter;
import dev.freehold.services.dynamodb.expression.ConditionParser;
import dev.freehold.services.dynamodb.expression.Placeholders;
import dev.freehold.services.dynamodb.expression.UpdateParser;
import dev.freehold.services.dynamodb.item.ItemOperations.Shown;
import dev.freehold.services.dynamodb.item.Writer.Place;
import dev.freehold.services.dynamodb.item.Writer.Written;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.TokenKey;
import dev.freehold.services.dynamodb.table.DynamodbTables.TokenRow;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// TransactWriteItems and TransactGetItems.
public final class Transactions {
    /// The most bytes of all items of a transaction.
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /// How long a token makes a repetition harmless.
    static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private final Store store;
    private final Catalog catalog;
    private final Writer writer;
    private final InstantSource clock;

    public Transactions(Store store, Catalog catalog, Writer writer, InstantSource clock) {
        this.store = store;
        this.catalog = catalog;
        this.writer = writer;
        this.clock = clock;
    }

    /// What a transaction did. Where its token was used before it did nothing now.
    ///
    /// @param repeated whether it was done before
    public record Outcome(List<Written> written, boolean repeated) {}

    public TransactWriteItemsResponse transactWriteItems(
            TransactWriteItemsRequest in, Caller caller) {
        List<String> names = new ArrayList<>();
        List<ItemWrite> writes = new ArrayList<>();
        for (TransactWriteItem item : in.transactItems()) {
            names.add(name(item));
            writes.add(write(item, caller));
        }
        Outcome outcome = run(writes, in.clientRequestToken(), in, caller);
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        Map<String, List<ItemCollectionMetrics>> metrics = new LinkedHashMap<>();
        for (int i = 0; i < outcome.written.size(); i++) {
            String name = names.get(i);
            Written written = outcome.written.get(i);
            consumptions
                    .computeIfAbsent(name, n -> new Consumption())
                    .add(written.consumption(), 2);
            ItemCollectionMetrics metric =
                    ItemOperations.metrics(
                            in.returnItemCollectionMetrics(),
                            written,
                            writes.get(i).action().key());
            if (metric != null) {
                metrics.computeIfAbsent(name, n -> new ArrayList<>()).add(metric);
            }
        }
        Consumption.Kind kind = outcome.repeated ? Consumption.Kind.READ : Consumption.Kind.WRITE;
        double units = consumptions.values().stream().mapToDouble(Consumption::total).sum();
        String meter =
                outcome.repeated ? "dynamodb.read-request-units" : "dynamodb.write-request-units";
        caller.usage().add(meter, units);
        return TransactWriteItemsResponse.builder()
                .consumedCapacity(Batches.shown(in.returnConsumedCapacity(), consumptions, kind))
                .itemCollectionMetrics(metrics.isEmpty() ? null : metrics)
                .build();
    }

    private static String name(TransactWriteItem item) {
        String name =
                item.put() != null
                        ? item.put().tableName()
                        : item.delete() != null
                                ? item.delete().tableName()
                                : item.update() != null
                                        ? item.update().tableName()
                                        : item.conditionCheck() != null
                                                ? item.conditionCheck().tableName()
                                                : null;
        return Objects.requireNonNullElse(name, "");
    }

    private static ItemWrite write(TransactWriteItem item, Caller caller) {
        Put put = item.put();
        Delete delete = item.delete();
        dev.freehold.api.dynamodb.Update update = item.update();
        ConditionCheck check = item.conditionCheck();
        long given =
                java.util.stream.Stream.of(put, delete, update, check)
                        .filter(Objects::nonNull)
                        .count();
        if (given != 1) {
            throw Values.invalid(
                    given == 0
                            ? "Invalid Request: TransactWriteRequest should contain Delete or Put or"
                                    + " Update request"
                            : "TransactItems can only contain one of Check, Put, Update or Delete");
        }
        if (put != null) {
            return put(put, caller);
        }
        if (delete != null) {
            Placeholders placeholders =
                    Placeholders.of(
                            delete.expressionAttributeNames(), delete.expressionAttributeValues());
            return done(
                    TableKey.of(delete.tableName(), caller),
                    new ItemWrite.Delete(ValueChecks.item(delete.key())),
                    condition(delete.conditionExpression(), placeholders),
                    delete.returnValuesOnConditionCheckFailure(),
                    placeholders);
        }
        if (update != null) {
            return update(update, caller);
        }
        Objects.requireNonNull(check);
        Placeholders placeholders =
                Placeholders.of(
                        check.expressionAttributeNames(), check.expressionAttributeValues());
        return done(
                TableKey.of(check.tableName(), caller),
                new ItemWrite.Check(ValueChecks.item(check.key())),
                condition(check.conditionExpression(), placeholders),
                check.returnValuesOnConditionCheckFailure(),
                placeholders);
    }

    private static ItemWrite put(Put put, Caller caller) {
        Placeholders placeholders =
                Placeholders.of(put.expressionAttributeNames(), put.expressionAttributeValues());
        Map<String, AttributeValue> item = ValueChecks.item(put.item());
        ItemOperations.checkSize(item);
        return done(
                TableKey.of(put.tableName(), caller),
                new ItemWrite.Put(item),
                condition(put.conditionExpression(), placeholders),
                put.returnValuesOnConditionCheckFailure(),
                placeholders);
    }

    private static ItemWrite update(dev.freehold.api.dynamodb.Update update, Caller caller) {
        Placeholders placeholders =
                Placeholders.of(
                        update.expressionAttributeNames(), update.expressionAttributeValues());
        var changes = UpdateParser.parse(update.updateExpression(), placeholders);
        return done(
                TableKey.of(update.tableName(), caller),
                new ItemWrite.Change(ValueChecks.item(update.key()), changes),
                condition(update.conditionExpression(), placeholders),
                update.returnValuesOnConditionCheckFailure(),
                placeholders);
    }

    private static ConditionParser.@Nullable Parsed condition(
            @Nullable String expression, Placeholders placeholders) {
        return expression == null
                ? null
                : ConditionParser.parse("ConditionExpression", expression, placeholders);
    }

    private static ItemWrite done(
            TableKey table,
            ItemWrite.Action action,
            ConditionParser.@Nullable Parsed condition,
            @Nullable String onFailure,
            Placeholders placeholders) {
        placeholders.checkUnused();
        return ItemWrite.of(table, action, condition, onFailure);
    }

    /// Does all writes or none.
    ///
    /// @param token makes a repetition of the same request harmless, or null
    /// @throws TransactionCanceledException with a reason for each write
    public Outcome run(
            List<ItemWrite> writes, @Nullable String token, Structure request, Caller caller) {
        int bytes = writes.stream().mapToInt(write -> Sizes.of(write.action().key())).sum();
        if (bytes > MAX_BYTES) {
            throw Values.invalid("Member must have length less than or equal to " + MAX_BYTES);
        }
        byte[] digest = token == null ? new byte[0] : digest(request);
        Instant now = clock.instant();
        return store.update(tx -> {
            if (token == null) {
                return new Outcome(apply(tx, writes), false);
            }
            TokenKey key = new TokenKey(caller.account(), caller.region(), token);
            TokenRow before = tx.get(DynamodbTables.TOKENS, key);
            if (before != null && before.time().plus(TOKEN_LIFE).isAfter(now)) {
                if (!Arrays.equals(before.digest(), digest)) {
                    throw new IdempotentParameterMismatchException(
                            "Idempotent parameter mismatch: the request uses the same client token"
                                    + " as a previous, but non-identical request");
                }
                return new Outcome(repeated(tx, writes), true);
            }
            List<Written> written = apply(tx, writes);
            tx.put(DynamodbTables.TOKENS, key, new TokenRow(digest, now));
            tx.put(DynamodbTables.TOKEN_TIMES, new DynamodbTables.TokenTime(now, key), true);
            return new Outcome(written, false);
        });
    }

    private List<Written> repeated(Transaction tx, List<ItemWrite> writes) {
        List<Written> written = new ArrayList<>();
        for (ItemWrite write : writes) {
            Place place = writer.place(tx, write);
            Map<String, AttributeValue> item = Items.get(tx, place.at());
            written.add(new Written(place.table(), place.at(), new Items.Versions(item, item)));
        }
        return written;
    }

    private static byte[] digest(Structure request) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(JsonWriter.write(request, false).bytes());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Written> apply(Transaction tx, List<ItemWrite> writes) {
        List<Place> places = places(tx, writes);
        List<CancellationReason> reasons = new ArrayList<>();
        List<Written> written = new ArrayList<>();
        boolean failed = false;
        for (int i = 0; i < writes.size(); i++) {
            CancellationReason reason = NO_REASON;
            try {
                written.add(writer.apply(tx, writes.get(i), places.get(i)));
            } catch (ConditionalCheckFailedException e) {
                reason = failedCondition(e);
            } catch (CommonError e) {
                reason = reason("ValidationError", e.getMessage());
            }
            failed |= reason != NO_REASON;
            reasons.add(reason);
        }
        if (failed) {
            throw cancelled(reasons);
        }
        return written;
    }

    private static final CancellationReason NO_REASON =
            CancellationReason.builder().code("None").build();

    private static CancellationReason reason(String code, @Nullable String message) {
        return CancellationReason.builder().code(code).message(message).build();
    }

    private static CancellationReason failedCondition(ConditionalCheckFailedException e) {
        var body = e.body();
        return CancellationReason.builder()
                .code("ConditionalCheckFailed")
                .message(e.getMessage())
                .item(body == null ? null : body.item())
                .build();
    }

    static TransactionCanceledException cancelled(List<CancellationReason> reasons) {
        List<String> codes = reasons.stream().map(CancellationReason::code).toList();
        return new TransactionCanceledException(
                "Transaction cancelled, please refer cancellation reasons for specific reasons "
                        + codes,
                TransactionCanceledException.Members.builder()
                        .cancellationReasons(reasons)
                        .build());
    }

    private List<Place> places(Transaction tx, List<ItemWrite> writes) {
        List<Place> places = new ArrayList<>();
        List<CancellationReason> reasons = new ArrayList<>();
        boolean failed = false;
        Set<ItemKey> seen = new HashSet<>();
        for (ItemWrite write : writes) {
            try {
                Place place = writer.place(tx, write);
                if (!seen.add(place.at())) {
                    throw new Repeated();
                }
                places.add(place);
                reasons.add(NO_REASON);
            } catch (CommonError e) {
                failed = true;
                reasons.add(reason("ValidationError", e.getMessage()));
            } catch (Repeated e) {
                throw Values.invalid(
                        "Transaction request cannot include multiple operations on one item");
            }
        }
        if (failed) {
            throw cancelled(reasons);
        }
        return places;
    }

    /// Two writes of one item, which cancels nothing but is refused at once.
    private static final class Repeated extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// One read.
    private record Read(
            String named, TableKey table, Map<String, AttributeValue> key, Shown shown) {}

    public TransactGetItemsResponse transactGetItems(TransactGetItemsRequest in, Caller caller) {
        List<Read> reads = new ArrayList<>();
        for (TransactGetItem item : in.transactItems()) {
            Get get = item.get();
            reads.add(
                    new Read(
                            get.tableName(),
                            TableKey.of(get.tableName(), caller),
                            ValueChecks.item(get.key()),
                            Shown.of(
                                    get.projectionExpression(),
                                    null,
                                    get.expressionAttributeNames())));
        }
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        List<ItemResponse> responses =
                store.read(tx -> {
                    List<ItemResponse> all = new ArrayList<>();
                    long bytes = 0;
                    List<ItemKey> places = placesOf(tx, reads);
                    for (int i = 0; i < reads.size(); i++) {
                        Read read = reads.get(i);
                        Map<String, AttributeValue> item = Items.get(tx, places.get(i));
                        bytes += Sizes.of(item);
                        checkBytes(bytes);
                        consumptions
                                .computeIfAbsent(read.named, name -> new Consumption())
                                .addTable(2 * Consumption.itemReadUnits(Sizes.of(item), true));
                        all.add(response(item, read.shown));
                    }
                    return all;
                });
        double units = consumptions.values().stream().mapToDouble(Consumption::total).sum();
        caller.usage().add("dynamodb.read-request-units", units);
        return TransactGetItemsResponse.builder()
                .responses(responses)
                .consumedCapacity(
                        Batches.shown(
                                in.returnConsumedCapacity(), consumptions, Consumption.Kind.READ))
                .build();
    }

    private static void checkBytes(long bytes) {
        if (bytes > MAX_BYTES) {
            throw Values.invalid(
                    "Transaction request exceeded the limit of " + MAX_BYTES + " bytes");
        }
    }

    private static ItemResponse response(@Nullable Map<String, AttributeValue> item, Shown shown) {
        return ItemResponse.builder().item(item == null ? null : shown.apply(item)).build();
    }

    private List<ItemKey> placesOf(Transaction tx, List<Read> reads) {
        List<ItemKey> places = new ArrayList<>();
        List<CancellationReason> reasons = new ArrayList<>();
        boolean failed = false;
        for (Read read : reads) {
            TableSchema schema = catalog.require(tx, read.table);
            try {
                KeyChecks.key(schema, read.key);
                KeyChecks.checkPaths(schema, read.shown.nested());
                places.add(schema.at(read.key));
                reasons.add(NO_REASON);
            } catch (CommonError e) {
                failed = true;
                reasons.add(reason("ValidationError", e.getMessage()));
            }
        }
        if (failed) {
            throw cancelled(reasons);
        }
        if (new HashSet<>(places).size() != places.size()) {
            throw Values.invalid(
                    "Transaction request cannot include multiple operations on one item");
        }
        return places;
    }
}
