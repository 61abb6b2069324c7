package dev.freehold.services.iam;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A managed policy with its versions.
record ManagedPolicy(
        String name,
        String path,
        String id,
        String arn,
        Instant created,
        Instant updated,
        @Nullable String description,
        Map<String, String> tags,
        List<Version> versions,
        String defaultVersion,
        int lastVersion) {
    /// One version: `v1`.
    record Version(String id, String document, Instant created) {}

    static final Codec<ManagedPolicy> CODEC =
            Codecs.of(
                    (out, p) ->
                            out.string(p.name)
                                    .string(p.path)
                                    .string(p.id)
                                    .string(p.arn)
                                    .instant(p.created)
                                    .instant(p.updated)
                                    .optionalString(p.description)
                                    .strings(p.tags)
                                    .list(
                                            p.versions,
                                            (o, v) ->
                                                    o.string(v.id)
                                                            .string(v.document)
                                                            .instant(v.created))
                                    .string(p.defaultVersion)
                                    .int32(p.lastVersion),
                    in ->
                            new ManagedPolicy(
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.instant(),
                                    in.instant(),
                                    in.optionalString(),
                                    in.strings(),
                                    in.list(v -> new Version(v.string(), v.string(), v.instant())),
                                    in.string(),
                                    in.int32()));

    /// The document that is in force.
    String document() {
        return versions.stream()
                .filter(version -> version.id.equals(defaultVersion))
                .findFirst()
                .map(Version::document)
                .orElseThrow();
    }

    ManagedPolicy withVersions(List<Version> all, String inForce, int last, Instant now) {
        return new ManagedPolicy(
                name,
                path,
                id,
                arn,
                created,
                now,
                description,
                tags,
                List.copyOf(all),
                inForce,
                last);
    }

    ManagedPolicy withTags(Map<String, String> changed) {
        return new ManagedPolicy(
                name,
                path,
                id,
                arn,
                created,
                updated,
                description,
                changed,
                versions,
                defaultVersion,
                lastVersion);
    }
}
