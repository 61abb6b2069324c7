package dev.freehold.services.s3.config;

import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Configurations of buckets that are answered as they were put.
public final class Settings {
    private final Store store;

    Settings(Store store) {
        this.store = store;
    }

    /// A kind of configuration.
    ///
    /// @param name under which it is kept; permanent
    /// @param schema its shape
    /// @param missingCode the error when it is not set
    /// @param missingText that error's text
    record Kind(String name, Schema schema, String missingCode, String missingText) {}

    /// The bucket, as its row is.
    Bucket bucket(String name, @Nullable String expectedOwner) {
        return store.read(tx -> Access.bucket(tx, name, expectedOwner));
    }

    /// Changes the bucket's own row.
    void change(String name, @Nullable String expectedOwner, Function<Bucket, Bucket> change) {
        store.updateOnly(tx -> {
            Bucket bucket = Access.bucket(tx, name, expectedOwner);
            tx.put(S3Tables.BUCKETS, name, change.apply(bucket));
        });
    }

    /// Runs a change of the bucket's settings.
    void within(String name, @Nullable String expectedOwner, BiConsumer<Transaction, Bucket> body) {
        store.updateOnly(tx -> body.accept(tx, Access.bucket(tx, name, expectedOwner)));
    }

    /// Reads something of the bucket.
    <T extends @Nullable Object> T reading(
            String name, @Nullable String expectedOwner, Function<Transaction, T> body) {
        return store.read(tx -> {
            Access.bucket(tx, name, expectedOwner);
            return body.apply(tx);
        });
    }

    void put(String name, @Nullable String expectedOwner, Kind kind, Structure value) {
        byte[] bytes = Shapes.toBytes(value);
        within(
                name,
                expectedOwner,
                (tx, _) -> tx.put(S3Tables.SETTINGS, new SettingKey(name, kind.name()), bytes));
    }

    /// The configuration, or null when it is not set.
    @Nullable Structure find(String name, @Nullable String expectedOwner, Kind kind) {
        return store.read(tx -> {
            Access.bucket(tx, name, expectedOwner);
            byte[] bytes = S3Tables.setting(tx, name, kind.name());
            return bytes == null ? null : Shapes.fromBytes(kind.schema(), bytes);
        });
    }

    /// The configuration; its kind's error when it is not set.
    Structure get(String name, @Nullable String expectedOwner, Kind kind) {
        Structure value = find(name, expectedOwner, kind);
        if (value == null) {
            throw S3Errors.notConfigured(kind.missingCode(), kind.missingText(), name);
        }
        return value;
    }

    void delete(String name, @Nullable String expectedOwner, Kind kind) {
        within(
                name,
                expectedOwner,
                (tx, _) -> tx.delete(S3Tables.SETTINGS, new SettingKey(name, kind.name())));
    }
}
