package dev.freehold.services.sns;

import dev.freehold.api.sns.CreateTopicRequest;
import dev.freehold.api.sns.ResourceNotFoundException;
import dev.freehold.api.sns.Tag;
import dev.freehold.api.sns.TagLimitExceededException;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.sns.SnsTables.CountKey;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes, changes and deletes topics.
final class Topics {
    private static final int MAX_TAGS = 50;

    private final Store store;

    Topics(Store store) {
        this.store = store;
    }

    /// A topic that must exist.
    Topic require(TopicKey key) {
        Topic topic = store.read(tx -> tx.get(SnsTables.TOPICS, key));
        if (topic == null) {
            throw Invalid.noTopic();
        }
        return topic;
    }

    /// Makes a topic; one that is there already must be the same in what is asked for.
    TopicKey create(CreateTopicRequest in, Caller caller) {
        String name = in.name() == null ? "" : in.name();
        if (!name.matches("[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\\.fifo")) {
            throw Invalid.parameter("Topic Name");
        }
        if (in.dataProtectionPolicy() != null && !in.dataProtectionPolicy().isEmpty()) {
            throw new NotImplementedError("Data protection policies");
        }
        Map<String, String> attributes = in.attributes() == null ? Map.of() : in.attributes();
        Map<String, String> tags = tags(in.tags());
        TopicAttributes.checkNew(name, attributes);
        TopicKey key = new TopicKey(caller.account(), caller.region(), name);
        store.updateOnly(tx -> {
            Topic before = tx.get(SnsTables.TOPICS, key);
            if (before == null) {
                tx.put(SnsTables.TOPICS, key, new Topic(attributes, tags));
            } else {
                checkSame(key, before, attributes, tags);
            }
        });
        return key;
    }

    private static void checkSame(
            TopicKey key, Topic before, Map<String, String> attributes, Map<String, String> tags) {
        Map<String, String> shown = TopicAttributes.view(key, before);
        attributes.forEach((name, value) -> {
            boolean asBefore =
                    value.equals(before.attributes().get(name)) || value.equals(shown.get(name));
            boolean asBorn = name.equals("FifoTopic") && value.equals("false");
            if (!asBefore && !asBorn) {
                throw Invalid.parameter(
                        "Attributes Reason: Topic already exists with different attributes");
            }
        });
        tags.forEach((name, value) -> {
            if (!value.equals(before.tags().get(name))) {
                throw Invalid.parameter("Tags Reason: Topic already exists with different tags");
            }
        });
    }

    private static Map<String, String> tags(@Nullable List<Tag> given) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : given == null ? List.<Tag>of() : given) {
            if (tags.put(tag.key(), tag.value()) != null) {
                throw Invalid.parameter("Duplicated keys are not allowed.");
            }
        }
        if (tags.size() > MAX_TAGS) {
            throw new TagLimitExceededException(
                    "Could not complete request: tag quota of per resource exceeded");
        }
        return tags;
    }

    /// Deletes a topic and its subscriptions; one that is not there stays so.
    void delete(TopicKey key) {
        store.updateOnly(tx -> {
            tx.delete(SnsTables.TOPICS, key);
            tx.delete(SnsTables.SEQUENCES, key);
            KeyRange all = SnsTables.ofTopic(key);
            List<Table<?, ?>> tables =
                    List.<Table<?, ?>>of(
                            SnsTables.SUBSCRIPTIONS,
                            SnsTables.ENDPOINTS,
                            SnsTables.DUPLICATES,
                            SnsTables.EXPIRIES,
                            SnsTables.COUNTS);
            tables.forEach(table -> tx.deleteRange(table, all));
        });
    }

    /// All attributes of a topic.
    Map<String, String> attributes(TopicKey key) {
        return store.read(tx -> {
            Topic topic = tx.get(SnsTables.TOPICS, key);
            if (topic == null) {
                throw Invalid.noTopic();
            }
            Map<String, String> all = TopicAttributes.view(key, topic);
            for (String what : List.of("Confirmed", "Pending", "Deleted")) {
                String lower = what.toLowerCase(java.util.Locale.ROOT);
                Long count = tx.get(SnsTables.COUNTS, new CountKey(key, lower));
                all.put("Subscriptions" + what, String.valueOf(count == null ? 0 : count));
            }
            return all;
        });
    }

    void set(TopicKey key, String name, @Nullable String given) {
        String value = given == null ? "" : given;
        if (name.equals("FifoTopic")) {
            throw Invalid.parameter("AttributeName");
        }
        Topic before = require(key);
        TopicAttributes.check(name, value, key.fifo(), "");
        assert before != null;
        change(key, topic -> topic.with(name, value));
    }

    void change(TopicKey key, UnaryOperator<Topic> change) {
        store.updateOnly(tx -> {
            Topic topic = tx.get(SnsTables.TOPICS, key);
            if (topic == null) {
                throw Invalid.noTopic();
            }
            tx.put(SnsTables.TOPICS, key, change.apply(topic));
        });
    }

    /// The tags of a topic.
    Map<String, String> tags(TopicKey key) {
        Topic topic = store.read(tx -> tx.get(SnsTables.TOPICS, key));
        if (topic == null) {
            throw noResource();
        }
        return topic.tags();
    }

    private static ResourceNotFoundException noResource() {
        return new ResourceNotFoundException("Resource does not exist");
    }

    void tag(TopicKey key, List<Tag> given) {
        Map<String, String> added = tags(given);
        changeTags(key, tags -> tags.putAll(added));
    }

    void untag(TopicKey key, List<String> names) {
        changeTags(key, tags -> names.forEach(tags::remove));
    }

    private void changeTags(TopicKey key, java.util.function.Consumer<Map<String, String>> change) {
        store.updateOnly(tx -> {
            Topic topic = tx.get(SnsTables.TOPICS, key);
            if (topic == null) {
                throw noResource();
            }
            Map<String, String> tags = new LinkedHashMap<>(topic.tags());
            change.accept(tags);
            if (tags.size() > MAX_TAGS) {
                throw new TagLimitExceededException(
                        "Could not complete request: tag quota of per resource exceeded");
            }
            tx.put(SnsTables.TOPICS, key, topic.withTags(tags));
        });
    }
}
