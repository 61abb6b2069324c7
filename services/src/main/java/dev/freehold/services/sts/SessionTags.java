package dev.freehold.services.sts;

import dev.freehold.api.sts.Tag;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.iam.Session;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tags of a session: those asked for, and those that the calling session hands on.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>.
///
/// @param values by key
/// @param transitive the keys, in lower case, that go on to sessions assumed from this one
record SessionTags(Map<String, String> values, List<String> transitive) {
    static final SessionTags NONE = new SessionTags(Map.of(), List.of());

    /// @param from the calling session, or null
    /// @throws CommonError AWS's, when keys collide
    static SessionTags of(
            @Nullable List<Tag> asked,
            @Nullable List<String> askedTransitive,
            @Nullable Session from) {
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> keys = new LinkedHashSet<>();
        for (Tag tag : asked == null ? List.<Tag>of() : asked) {
            if (!keys.add(lower(tag.key()))) {
                throw invalid(
                        "Duplicate tag keys found. Please note that Tag keys are case"
                                + " insensitive.");
            }
            values.put(tag.key(), tag.value());
        }
        Set<String> transitive = new LinkedHashSet<>();
        for (String key : askedTransitive == null ? List.<String>of() : askedTransitive) {
            if (!keys.contains(lower(key))) {
                throw invalid(
                        "The specified transitive tag key must be included in the requested"
                                + " tags.");
            }
            transitive.add(lower(key));
        }
        if (from != null) {
            inherit(from, keys, values, transitive);
        }
        return new SessionTags(values, List.copyOf(transitive));
    }

    private static void inherit(
            Session from, Set<String> keys, Map<String, String> values, Set<String> transitive) {
        from.tags()
                .forEach((key, value) -> {
                    if (from.transitive().contains(lower(key))) {
                        if (keys.contains(lower(key))) {
                            throw invalid(
                                    "One of the specified transitive tag keys can't be set because it"
                                            + " conflicts with a transitive tag key from the calling"
                                            + " session.");
                        }
                        values.put(key, value);
                        transitive.add(lower(key));
                    }
                });
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }

    private static CommonError invalid(String message) {
        return new CommonError("InvalidParameterValue", 400, message);
    }
}
