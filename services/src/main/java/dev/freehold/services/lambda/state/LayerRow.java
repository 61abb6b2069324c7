package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version of a layer.
///
/// @param code the SHA-256 of its zip, in base 64
/// @param size of the zip, in bytes
/// @param created as AWS writes it
/// @param runtimes that it says it goes with, or null when it says nothing; so the architectures
public record LayerRow(
        String code,
        long size,
        String description,
        String created,
        @Nullable List<String> runtimes,
        @Nullable List<String> architectures,
        @Nullable String license) {
    static final Codec<LayerRow> CODEC =
            Codecs.of(
                    (out, row) ->
                            out.string(row.code)
                                    .int64(row.size)
                                    .string(row.description)
                                    .string(row.created)
                                    .optional(row.runtimes, LayerRow::write)
                                    .optional(row.architectures, LayerRow::write)
                                    .optionalString(row.license),
                    in ->
                            new LayerRow(
                                    in.string(),
                                    in.int64(),
                                    in.string(),
                                    in.string(),
                                    in.optional(LayerRow::read),
                                    in.optional(LayerRow::read),
                                    in.optionalString()));

    private static void write(ValueWriter out, List<String> values) {
        out.list(values, ValueWriter::string);
    }

    private static List<String> read(ValueReader in) {
        return in.list(ValueReader::string);
    }
}
