package dev.freehold.services.sns;

import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import dev.freehold.services.json.Json;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A topic's policy: the one it is born with, and statements that AddPermission adds to it.
final class TopicPolicy {
    private static final List<String> DEFAULT_ACTIONS =
            List.of(
                    "SNS:GetTopicAttributes",
                    "SNS:SetTopicAttributes",
                    "SNS:AddPermission",
                    "SNS:RemovePermission",
                    "SNS:DeleteTopic",
                    "SNS:Subscribe",
                    "SNS:ListSubscriptionsByTopic",
                    "SNS:Publish");

    private static final Set<String> ACTIONS =
            Set.of(
                    "GetTopicAttributes",
                    "SetTopicAttributes",
                    "AddPermission",
                    "RemovePermission",
                    "DeleteTopic",
                    "Subscribe",
                    "ListSubscriptionsByTopic",
                    "Publish",
                    "GetDataProtectionPolicy",
                    "PutDataProtectionPolicy",
                    "ListTagsForResource",
                    "TagResource",
                    "UntagResource");

    private TopicPolicy() {}

    /// The policy in force.
    static String of(TopicKey key, Topic topic) {
        String set = topic.attributes().get("Policy");
        if (set != null && !set.isEmpty()) {
            return set;
        }
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", "__default_statement_ID");
        statement.put("Effect", "Allow");
        statement.put("Principal", Map.of("AWS", "*"));
        statement.put("Action", DEFAULT_ACTIONS);
        statement.put("Resource", key.arn());
        statement.put(
                "Condition", Map.of("StringEquals", Map.of("AWS:SourceOwner", key.account())));
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("Version", "2008-10-17");
        policy.put("Id", "__default_policy_ID");
        policy.put("Statement", List.of(statement));
        return Json.write(policy);
    }

    static void check(String policy) {
        if (policy.isEmpty()) {
            return;
        }
        try {
            PolicyParser.parse(policy, PolicyParser.Kind.RESOURCE);
        } catch (MalformedPolicyException e) {
            throw Invalid.parameter("Policy Error: " + e.getMessage());
        }
    }

    /// The policy with one statement more.
    static String add(
            TopicKey key, String policy, String label, List<String> accounts, List<String> names) {
        if (!ACTIONS.containsAll(names)) {
            throw Invalid.parameter("Policy statement action out of service scope!");
        }
        Map<String, @Nullable Object> document = Json.readObject(policy);
        List<Object> statements = statements(document);
        if (statements.stream().anyMatch(statement -> label.equals(sid(statement)))) {
            throw Invalid.parameter("Statement already exists");
        }
        List<String> principals =
                accounts.stream().map(account -> "arn:aws:iam::" + account + ":root").toList();
        List<String> actions = names.stream().map(name -> "SNS:" + name).toList();
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", label);
        statement.put("Effect", "Allow");
        statement.put("Principal", Map.of("AWS", one(principals)));
        statement.put("Action", one(actions));
        statement.put("Resource", key.arn());
        statements.add(statement);
        document.put("Statement", statements);
        return Json.write(document);
    }

    /// AWS writes a list of one as its element.
    private static Object one(List<String> values) {
        return values.size() == 1 ? values.getFirst() : values;
    }

    /// The policy without the statements of that label.
    static String remove(String policy, String label) {
        Map<String, @Nullable Object> document = Json.readObject(policy);
        List<Object> statements = statements(document);
        statements.removeIf(statement -> label.equals(sid(statement)));
        document.put("Statement", statements);
        return Json.write(document);
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
