package dev.freehold.services.iam;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A role, a user or a group: what can have policies.
///
/// @param name as it was given
/// @param path such as `/service-role/`
/// @param id unique for ever: `AROA...`
/// @param created when
/// @param description or null
/// @param trust who may assume a role; empty for others
/// @param maxSession the longest session of a role, in seconds
/// @param boundary the ARN of the permissions boundary, or null
/// @param tags by key
/// @param inline inline policies by name
/// @param attached ARNs of managed policies
/// @param groups the names of a user's groups
record Entity(
        String name,
        String path,
        String id,
        Instant created,
        @Nullable String description,
        String trust,
        int maxSession,
        @Nullable String boundary,
        Map<String, String> tags,
        Map<String, String> inline,
        List<String> attached,
        List<String> groups) {
    /// What an entity is. The numbers are stored.
    enum Kind {
        ROLE(1, "role", "AROA", 10_240),
        USER(2, "user", "AIDA", 2_048),
        GROUP(3, "group", "AGPA", 5_120);

        final int number;
        final String word;
        final String idPrefix;

        /// The most characters of all inline policies, without spaces.
        final int maxInline;

        Kind(int number, String word, String idPrefix, int maxInline) {
            this.number = number;
            this.word = word;
            this.idPrefix = idPrefix;
            this.maxInline = maxInline;
        }

        /// The word as a message begins with it.
        String capital() {
            return Character.toUpperCase(word.charAt(0)) + word.substring(1);
        }
    }

    static final Codec<Entity> CODEC =
            Codecs.of(
                    (out, e) ->
                            out.string(e.name)
                                    .string(e.path)
                                    .string(e.id)
                                    .instant(e.created)
                                    .optionalString(e.description)
                                    .string(e.trust)
                                    .int32(e.maxSession)
                                    .optionalString(e.boundary)
                                    .strings(e.tags)
                                    .strings(e.inline)
                                    .list(e.attached, (o, text) -> o.string(text))
                                    .list(e.groups, (o, text) -> o.string(text)),
                    in ->
                            new Entity(
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.instant(),
                                    in.optionalString(),
                                    in.string(),
                                    in.int32(),
                                    in.optionalString(),
                                    in.strings(),
                                    in.strings(),
                                    in.list(ValueReader::string),
                                    in.list(ValueReader::string)));

    String arn(Kind kind, String account) {
        return "arn:aws:iam::" + account + ":" + kind.word + path + name;
    }

    boolean isIn(String group) {
        return groups.stream().anyMatch(group::equalsIgnoreCase);
    }

    Entity withName(String newName, String newPath) {
        return new Entity(
                newName,
                newPath,
                id,
                created,
                description,
                trust,
                maxSession,
                boundary,
                tags,
                inline,
                attached,
                groups);
    }

    Entity withTrust(String document) {
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                document,
                maxSession,
                boundary,
                tags,
                inline,
                attached,
                groups);
    }

    Entity withDescription(@Nullable String text, int session) {
        return new Entity(
                name, path, id, created, text, trust, session, boundary, tags, inline, attached,
                groups);
    }

    Entity withBoundary(@Nullable String arn) {
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                trust,
                maxSession,
                arn,
                tags,
                inline,
                attached,
                groups);
    }

    Entity withTags(Map<String, String> changed) {
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                trust,
                maxSession,
                boundary,
                changed,
                inline,
                attached,
                groups);
    }

    Entity withInline(String policy, @Nullable String document) {
        Map<String, String> changed = new LinkedHashMap<>(inline);
        if (document == null) {
            changed.remove(policy);
        } else {
            changed.put(policy, document);
        }
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                trust,
                maxSession,
                boundary,
                tags,
                changed,
                attached,
                groups);
    }

    Entity withAttached(List<String> arns) {
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                trust,
                maxSession,
                boundary,
                tags,
                inline,
                arns,
                groups);
    }

    Entity withGroup(String group, boolean member) {
        List<String> changed = new ArrayList<>(groups);
        changed.remove(group);
        if (member) {
            changed.add(group);
        }
        return new Entity(
                name,
                path,
                id,
                created,
                description,
                trust,
                maxSession,
                boundary,
                tags,
                inline,
                attached,
                changed);
    }
}
