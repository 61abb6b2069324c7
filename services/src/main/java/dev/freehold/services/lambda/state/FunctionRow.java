package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the versions of a function share.
///
/// @param lastVersion the last number that was given to a version; never given again
/// @param tags by key
/// @param reserved its reserved concurrency, or null
/// @param codeSigning the ARN of its code signing configuration, or null
/// @param recursiveLoop `Allow` or `Terminate`
public record FunctionRow(
        int lastVersion,
        Map<String, String> tags,
        @Nullable Integer reserved,
        @Nullable String codeSigning,
        String recursiveLoop) {
    static final Codec<FunctionRow> CODEC =
            Codecs.of(
                    (out, row) ->
                            out.int32(row.lastVersion)
                                    .strings(row.tags)
                                    .optional(row.reserved, (o, value) -> o.int32(value))
                                    .optionalString(row.codeSigning)
                                    .string(row.recursiveLoop),
                    in ->
                            new FunctionRow(
                                    in.int32(),
                                    in.strings(),
                                    in.optional(i -> i.int32()),
                                    in.optionalString(),
                                    in.string()));

    /// A new function.
    public static FunctionRow of(Map<String, String> tags, @Nullable String codeSigning) {
        return new FunctionRow(0, tags, null, codeSigning, "Terminate");
    }

    public FunctionRow withLastVersion(int number) {
        return new FunctionRow(number, tags, reserved, codeSigning, recursiveLoop);
    }

    public FunctionRow withTags(Map<String, String> changed) {
        return new FunctionRow(lastVersion, changed, reserved, codeSigning, recursiveLoop);
    }

    public FunctionRow withReserved(@Nullable Integer changed) {
        return new FunctionRow(lastVersion, tags, changed, codeSigning, recursiveLoop);
    }

    public FunctionRow withCodeSigning(@Nullable String arn) {
        return new FunctionRow(lastVersion, tags, reserved, arn, recursiveLoop);
    }

    public FunctionRow withRecursiveLoop(String changed) {
        return new FunctionRow(lastVersion, tags, reserved, codeSigning, changed);
    }
}
