package dev.freehold.services.sqs;

import dev.freehold.services.json.Json;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A queue's policy as AddPermission and RemovePermission change it.
final class QueuePolicy {
    private static final Set<String> ACTIONS =
            Set.of(
                    "*",
                    "ChangeMessageVisibility",
                    "DeleteMessage",
                    "GetQueueAttributes",
                    "GetQueueUrl",
                    "ListDeadLetterSourceQueues",
                    "PurgeQueue",
                    "ReceiveMessage",
                    "SendMessage");

    private QueuePolicy() {}

    static String add(
            QueueKey key,
            @Nullable String policy,
            String label,
            List<String> accounts,
            List<String> names) {
        for (String name : names) {
            if (!ACTIONS.contains(name)) {
                throw Refused.value(
                        "Value SQS:"
                                + name
                                + " for parameter ActionName is invalid. Reason: Only the queue"
                                + " owner is allowed to invoke this action.");
            }
        }
        Map<String, @Nullable Object> document =
                policy == null || policy.isEmpty() ? fresh(key) : Json.readObject(policy);
        List<Object> statements = statements(document);
        if (statements.stream().anyMatch(statement -> label.equals(sid(statement)))) {
            throw Refused.value(label, "Label", "Already exists.");
        }
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", label);
        statement.put("Effect", "Allow");
        statement.put(
                "Principal",
                Map.of(
                        "AWS",
                        one(
                                accounts.stream()
                                        .map(account -> "arn:aws:iam::" + account + ":root")
                                        .toList())));
        statement.put("Action", one(names.stream().map(name -> "SQS:" + name).toList()));
        statement.put("Resource", key.arn());
        statements.add(statement);
        document.put("Statement", statements);
        return Json.write(document);
    }

    private static Map<String, @Nullable Object> fresh(QueueKey key) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("Version", "2008-10-17");
        document.put("Id", key.arn() + "/SQSDefaultPolicy");
        return document;
    }

    /// AWS writes a list of one as its element.
    private static Object one(List<String> values) {
        return values.size() == 1 ? values.getFirst() : values;
    }

    /// The policy without a statement; empty when none is left.
    static String remove(@Nullable String policy, String label) {
        Map<String, @Nullable Object> document =
                policy == null || policy.isEmpty()
                        ? new LinkedHashMap<>()
                        : Json.readObject(policy);
        List<Object> statements = statements(document);
        if (!statements.removeIf(statement -> label.equals(sid(statement)))) {
            throw Refused.value(label, "Label", "can't find label.");
        }
        document.put("Statement", statements);
        return statements.isEmpty() ? "" : Json.write(document);
    }

    private static List<Object> statements(Map<String, @Nullable Object> document) {
        Object statements = document.get("Statement");
        if (statements instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        return statements == null ? new ArrayList<>() : new ArrayList<>(List.of(statements));
    }

    private static @Nullable Object sid(Object statement) {
        return statement instanceof Map<?, ?> members ? members.get("Sid") : null;
    }
}
