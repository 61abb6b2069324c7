package dev.freehold.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An unmodified AWS client that deploys the example applications and uses what they are made of.
interface Client {
    /// What a deployment says: where the application's API is ("" without one), and its queues.
    record Deployed(String url, Map<String, String> queues) {
        String queue(String name) {
            return Objects.requireNonNull(queues.get(name));
        }
    }

    /// Its account of twelve digits, which nobody else uses.
    String account();

    /// Deploys one of the applications.
    ///
    /// @param listener the URL of an HTTP endpoint for `photos` to tell
    Deployed deploy(String application, String listener) throws Exception;

    void upload(String key, Path file) throws Exception;

    void download(String key, Path file) throws Exception;

    /// A table's items, each with its attributes' values as texts.
    List<Map<String, String>> scan(String table) throws Exception;

    /// The bodies of some messages.
    List<String> receive(String queueUrl) throws Exception;

    /// The bucket that this client's photos are in.
    default String bucket() {
        return "photos-" + account();
    }

    /// Attribute values in DynamoDB's JSON, as texts.
    @SuppressWarnings("unchecked")
    static List<Map<String, String>> items(@Nullable Object json) {
        List<Map<String, Map<String, Object>>> items =
                (List<Map<String, Map<String, Object>>>) Objects.requireNonNull(json);
        return items.stream()
                .map(item -> {
                    Map<String, String> texts = new java.util.TreeMap<>();
                    item.forEach((name, value) ->
                            texts.put(name, value.values().iterator().next().toString()));
                    return texts;
                })
                .toList();
    }
}
