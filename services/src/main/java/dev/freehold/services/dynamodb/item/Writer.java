package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.ConditionalCheckFailedException;
import dev.freehold.services.dynamodb.expression.Update;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Transaction;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does one change in a transaction.
public final class Writer {
    private final Catalog catalog;
    private final Items items;

    public Writer(Catalog catalog, Items items) {
        this.catalog = catalog;
        this.items = items;
    }

    /// What was done.
    public record Written(TableSchema table, ItemKey at, Items.Versions versions) {
        /// The item before, or null.
        public @Nullable Map<String, AttributeValue> before() {
            return versions.before();
        }

        /// The item after, or null.
        public @Nullable Map<String, AttributeValue> after() {
            return versions.after();
        }

        /// The write units that it took.
        public double units() {
            return consumption().total();
        }

        Consumption consumption() {
            return Consumption.ofWrite(table, at, versions);
        }
    }

    /// Where a change is: its table, and its item's key.
    public record Place(TableSchema table, ItemKey at) {}

    /// Finds the table and checks that what is asked fits it.
    public Place place(Transaction tx, ItemWrite write) {
        TableSchema table = catalog.require(tx, write.table());
        switch (write.action()) {
            case ItemWrite.Put(var item) -> KeyChecks.item(table, item);
            case ItemWrite.Delete(var key) -> KeyChecks.key(table, key);
            case ItemWrite.Check(var key) -> KeyChecks.key(table, key);
            case ItemWrite.Change(var key, Update update) -> {
                KeyChecks.key(table, key);
                checkUpdate(table, update);
            }
        }
        KeyChecks.checkPaths(table, write.nested());
        return new Place(table, table.at(write.action().key()));
    }

    /// Does it.
    ///
    /// @throws ConditionalCheckFailedException when its condition doesn't hold
    public Written apply(Transaction tx, ItemWrite write) {
        return apply(tx, write, place(tx, write));
    }

    Written apply(Transaction tx, ItemWrite write, Place place) {
        Map<String, AttributeValue> before = Items.get(tx, place.at);
        check(write, before);
        Map<String, AttributeValue> after =
                switch (write.action()) {
                    case ItemWrite.Put(var item) -> item;
                    case ItemWrite.Delete _ -> null;
                    case ItemWrite.Check _ -> before;
                    case ItemWrite.Change change -> updated(place.table, change, before);
                };
        Items.Versions versions = new Items.Versions(before, after);
        boolean changes = !(write.action() instanceof ItemWrite.Check);
        if (changes && (before != null || after != null)) {
            items.put(tx, place.table, place.at, versions, false);
        }
        return new Written(place.table, place.at, versions);
    }

    private static void check(ItemWrite write, @Nullable Map<String, AttributeValue> before) {
        if (write.condition() == null
                || write.condition().holds(before == null ? Map.of() : before)) {
            return;
        }
        boolean show = write.showsOld() && before != null;
        throw new ConditionalCheckFailedException(
                "The conditional request failed",
                show
                        ? ConditionalCheckFailedException.Members.builder().item(before).build()
                        : null);
    }

    private static @Nullable Map<String, AttributeValue> updated(
            TableSchema table,
            ItemWrite.Change change,
            @Nullable Map<String, AttributeValue> before) {
        Update update = change.update();
        if (before == null && update.onlyRemoves()) {
            return null;
        }
        Map<String, AttributeValue> after = update.apply(before == null ? change.key() : before);
        KeyChecks.updated(table, after);
        if (update.paths().stream().anyMatch(path -> path.isNested())) {
            ValueChecks.item(after);
        }
        if (Sizes.of(after) > Sizes.MAX_ITEM) {
            throw Values.invalid("Item size to update has exceeded the maximum allowed size");
        }
        return after;
    }

    private static void checkUpdate(TableSchema table, Update update) {
        for (String name : table.own().names()) {
            for (Update.Action action : update.actions()) {
                if (action.path().first().equals(name)) {
                    throw Values.invalidParameter(
                            "Cannot update attribute "
                                    + name
                                    + ". This attribute is part of the key");
                }
            }
        }
        for (Index index : table.indexes().values()) {
            for (KeyAttribute attribute : index.key().all()) {
                String type = update.typeGiven(attribute.name());
                if (type != null && !type.isEmpty()) {
                    KeyChecks.checkIndexType(index, attribute, type);
                }
            }
        }
        KeyChecks.checkPaths(table, ItemWrite.nested(update.paths()));
    }
}
