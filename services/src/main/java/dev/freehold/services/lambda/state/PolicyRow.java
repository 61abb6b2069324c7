package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.util.LinkedHashMap;
import java.util.Map;

/// The policy of a function, version, alias or layer version.
///
/// @param revision changes with each change
/// @param statements JSON by statement id, in order
public record PolicyRow(String revision, Map<String, String> statements) {
    static final Codec<PolicyRow> CODEC =
            Codecs.of(
                    (out, row) -> out.string(row.revision).strings(row.statements),
                    in -> new PolicyRow(in.string(), in.strings()));

    /// The policy as a document.
    public String document() {
        return "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
                + String.join(",", statements.values())
                + "]}";
    }

    public PolicyRow with(String id, String statement, String next) {
        Map<String, String> changed = new LinkedHashMap<>(statements);
        changed.put(id, statement);
        return new PolicyRow(next, changed);
    }

    public PolicyRow without(String id, String next) {
        Map<String, String> changed = new LinkedHashMap<>(statements);
        changed.remove(id);
        return new PolicyRow(next, changed);
    }
}
