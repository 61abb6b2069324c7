package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version of a layer.
///
/// @param code the SHA-256 of its zip, in base 64
/// @param size of the zip, in bytes
/// @param created as AWS writes it
public record LayerRow(
        String code,
        long size,
        String description,
        String created,
        List<String> runtimes,
        List<String> architectures,
        @Nullable String license) {
    static final Codec<LayerRow> CODEC =
            Codecs.of(
                    (out, row) ->
                            out.string(row.code)
                                    .int64(row.size)
                                    .string(row.description)
                                    .string(row.created)
                                    .list(row.runtimes, (o, v) -> o.string(v))
                                    .list(row.architectures, (o, v) -> o.string(v))
                                    .optionalString(row.license),
                    in ->
                            new LayerRow(
                                    in.string(),
                                    in.int64(),
                                    in.string(),
                                    in.string(),
                                    in.list(i -> i.string()),
                                    in.list(i -> i.string()),
                                    in.optionalString()));
}
