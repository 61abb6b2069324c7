package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is stored of a table.
///
/// @param number the table's number, which no other table ever has
/// @param revision counts the changes of this row
/// @param indexes the number of each index, by name
/// @param nextIndex the number of the next index
/// @param stream the number of the enabled stream, or 0
public record TableRow(
        long number,
        long revision,
        TableDescription description,
        Map<String, Integer> indexes,
        int nextIndex,
        long stream,
        Settings settings) {
    private static final Codec<TableDescription> DESCRIPTION =
            StructureCodec.of(TableDescription.class, TableDescription.SCHEMA);

    static final Codec<TableRow> CODEC = Codecs.of(TableRow::write, TableRow::read);

    public TableRow {
        indexes = Map.copyOf(indexes);
    }

    /// What may be set for a table beside its definition.
    ///
    /// @param timeToLive the attribute with items' expiry, or null when they don't expire
    /// @param recovery since when the table can be restored to any point in time, or null
    /// @param recoveryDays how far back
    /// @param policy the resource policy, or null
    /// @param policyRevision of that policy
    public record Settings(
            Map<String, String> tags,
            @Nullable String timeToLive,
            @Nullable Instant recovery,
            int recoveryDays,
            @Nullable String policy,
            @Nullable String policyRevision) {
        /// Of a new table.
        static final Settings NONE = new Settings(Map.of(), null, null, 35, null, null);

        public Settings {
            tags = Map.copyOf(tags);
        }

        Settings withTags(Map<String, String> changed) {
            return new Settings(
                    changed, timeToLive, recovery, recoveryDays, policy, policyRevision);
        }

        Settings withTimeToLive(@Nullable String changed) {
            return new Settings(tags, changed, recovery, recoveryDays, policy, policyRevision);
        }

        Settings withRecovery(@Nullable Instant since, int days) {
            return new Settings(tags, timeToLive, since, days, policy, policyRevision);
        }

        Settings withPolicy(@Nullable String changed, @Nullable String changedRevision) {
            return new Settings(tags, timeToLive, recovery, recoveryDays, changed, changedRevision);
        }
    }

    TableRow with(TableDescription changed) {
        return new TableRow(number, revision, changed, indexes, nextIndex, stream, settings);
    }

    TableRow with(Settings changed) {
        return new TableRow(number, revision, description, indexes, nextIndex, stream, changed);
    }

    TableRow withIndexes(Map<String, Integer> changed, int next) {
        return new TableRow(number, revision, description, changed, next, stream, settings);
    }

    TableRow withStream(long changed) {
        return new TableRow(number, revision, description, indexes, nextIndex, changed, settings);
    }

    /// The row as it is stored after a change.
    TableRow revised() {
        return new TableRow(
                number, revision + 1, description, indexes, nextIndex, stream, settings);
    }

    private static void write(ValueWriter out, TableRow row) {
        out.int64(row.number).int64(row.revision);
        DESCRIPTION.write(row.description, out);
        out.map(row.indexes, ValueWriter::int32).int32(row.nextIndex).int64(row.stream);
        Settings settings = row.settings;
        out.strings(settings.tags)
                .optionalString(settings.timeToLive)
                .optional(settings.recovery, ValueWriter::instant)
                .int32(settings.recoveryDays)
                .optionalString(settings.policy)
                .optionalString(settings.policyRevision);
    }

    private static TableRow read(ValueReader in) {
        return new TableRow(
                in.int64(),
                in.int64(),
                DESCRIPTION.read(in),
                in.map(ValueReader::int32),
                in.int32(),
                in.int64(),
                new Settings(
                        in.strings(),
                        in.optionalString(),
                        in.optional(ValueReader::instant),
                        in.int32(),
                        in.optionalString(),
                        in.optionalString()));
    }
}
