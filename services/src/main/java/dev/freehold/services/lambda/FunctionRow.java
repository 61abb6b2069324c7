package dev.freehold.services.lambda;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A function.
///
/// @param configuration as it is answered, with the user's variables
/// @param blob the blob with its zip
/// @param tags by key
/// @param permissions statements of its policy, JSON by statement id
record FunctionRow(
        FunctionConfiguration configuration,
        String blob,
        Map<String, String> tags,
        Map<String, String> permissions) {
    private static final Codec<FunctionConfiguration> CONFIGURATION =
            StructureCodec.of(FunctionConfiguration.class, FunctionConfiguration.SCHEMA);

    static final Codec<FunctionRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        CONFIGURATION.write(row.configuration, out);
                        out.string(row.blob).strings(row.tags).strings(row.permissions);
                    },
                    in ->
                            new FunctionRow(
                                    CONFIGURATION.read(in),
                                    in.string(),
                                    in.strings(),
                                    in.strings()));

    String name() {
        return String.valueOf(configuration.functionName());
    }

    String arn() {
        return String.valueOf(configuration.functionArn());
    }

    FunctionRow with(FunctionConfiguration changed) {
        return new FunctionRow(changed, blob, tags, permissions);
    }

    FunctionRow withCode(FunctionConfiguration changed, String zip) {
        return new FunctionRow(changed, zip, tags, permissions);
    }

    FunctionRow withTags(Map<String, String> changed) {
        return new FunctionRow(configuration, blob, changed, permissions);
    }

    FunctionRow withPermission(String id, @Nullable String statement) {
        Map<String, String> changed = new LinkedHashMap<>(permissions);
        if (statement == null) {
            changed.remove(id);
        } else {
            changed.put(id, statement);
        }
        return new FunctionRow(configuration, blob, tags, changed);
    }

    /// Its policy, or null when nobody else may do anything with it.
    @Nullable String policy() {
        if (permissions.isEmpty()) {
            return null;
        }
        return "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
                + String.join(",", permissions.values())
                + "]}";
    }
}
