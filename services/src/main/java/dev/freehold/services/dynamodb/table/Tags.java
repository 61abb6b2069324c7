package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.Tag;
import dev.freehold.services.dynamodb.value.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tags of tables.
final class Tags {
    private static final int MAX_TAGS = 50;

    private Tags() {}

    static Map<String, String> of(@Nullable List<Tag> tags) {
        return added(Map.of(), TableSchema.orEmpty(tags));
    }

    static Map<String, String> added(Map<String, String> before, List<Tag> tags) {
        Map<String, String> all = new LinkedHashMap<>(before);
        Map<String, String> given = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (tag.key().startsWith("aws:")) {
                throw Values.invalidParameter(
                        "User-assigned tag names cannot begin with the prefix aws:");
            }
            if (given.put(tag.key(), tag.value()) != null) {
                throw Values.invalidParameter("Duplicate tag key found");
            }
        }
        all.putAll(given);
        if (all.size() > MAX_TAGS) {
            throw Values.invalidParameter("Too many tags: the limit is " + MAX_TAGS);
        }
        return all;
    }
}
