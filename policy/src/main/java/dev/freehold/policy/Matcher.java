package dev.freehold.policy;

import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.policy.Statement.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a statement speaks of a question.
final class Matcher {
    /// How a statement's principals name a subject.
    enum Named {
        NOT,
        /// Its account is named: the account's own policies decide on.
        BY_ACCOUNT,
        /// Everybody, or the role behind the session, is named.
        BROADLY,
        /// Its own ARN is named.
        ITSELF
    }

    private Matcher() {}

    /// Whether action, resource and conditions match; principals are looked at by [#named].
    static boolean applies(Policy policy, Statement statement, Question question) {
        return action(statement, question.action())
                && resource(policy, statement, question)
                && conditions(policy, statement, question);
    }

    private static boolean conditions(Policy policy, Statement statement, Question question) {
        for (Condition condition : statement.conditions()) {
            if (!holds(policy, condition, question)) {
                return false;
            }
        }
        return true;
    }

    private static boolean action(Statement statement, String action) {
        for (String pattern : statement.actions()) {
            if (Patterns.matches(pattern, action, true)) {
                return !statement.actionsNegated();
            }
        }
        return statement.actionsNegated();
    }

    private static boolean resource(Policy policy, Statement statement, Question question) {
        List<String> resources = statement.resources();
        if (resources == null) {
            return true;
        }
        for (String written : resources) {
            String pattern = Variables.inPattern(policy, written, question.facts());
            if (pattern != null && Patterns.matchesArn(pattern, question.resource())) {
                return !statement.resourcesNegated();
            }
        }
        return statement.resourcesNegated();
    }

    static Named named(Statement statement, Subject subject) {
        Map<String, List<String>> principals = statement.principals();
        if (principals == null) {
            return Named.ITSELF;
        }
        Named best = Named.NOT;
        for (Map.Entry<String, List<String>> entry : principals.entrySet()) {
            for (String name : entry.getValue()) {
                Named named = named(entry.getKey(), name, subject);
                best = named.compareTo(best) > 0 ? named : best;
            }
        }
        if (statement.principalsNegated()) {
            // AWS: naming the account does not except the users and roles in it.
            boolean named =
                    best == Named.ITSELF
                            || best == Named.BROADLY
                            || (best == Named.BY_ACCOUNT && subject.kind() == Kind.ROOT);
            return named ? Named.NOT : Named.BROADLY;
        }
        return best;
    }

    private static Named named(String type, String name, Subject subject) {
        if (name.equals("*")) {
            boolean service = subject.kind() == Kind.SERVICE;
            return service && type.equals("AWS") ? Named.NOT : Named.BROADLY;
        }
        if (type.equals("Service")) {
            boolean same = subject.kind() == Kind.SERVICE && subject.names().contains(name);
            return same ? Named.ITSELF : Named.NOT;
        }
        if (subject.kind() == Kind.SERVICE || subject.kind() == Kind.ANONYMOUS) {
            return Named.NOT;
        }
        int index = subject.names().indexOf(name);
        if (index >= 0) {
            boolean root = subject.kind() == Kind.ROOT;
            return root ? Named.BY_ACCOUNT : index == 0 ? Named.ITSELF : Named.BROADLY;
        }
        boolean account =
                name.equals(subject.account())
                        || (name.startsWith("arn:")
                                && name.endsWith(":iam::" + subject.account() + ":root"));
        return account ? Named.BY_ACCOUNT : Named.NOT;
    }

    private static boolean holds(Policy policy, Condition condition, Question question) {
        List<String> found = factValues(question.facts(), condition.key());
        List<String> values = found == null ? List.of() : found;
        boolean absent = values.isEmpty();
        if (condition.operator().equals("null")) {
            return condition.values().stream().anyMatch(v -> Boolean.parseBoolean(v) == absent);
        }
        String operator = condition.operator();
        List<String> wanted = new ArrayList<>(condition.values().size());
        for (String value : condition.values()) {
            String replaced =
                    Operators.takesPattern(operator)
                            ? Variables.inPattern(policy, value, question.facts())
                            : Variables.replace(policy, value, question.facts());
            if (replaced != null) {
                wanted.add(replaced);
            }
        }
        return switch (condition.quantifier()) {
            case ALL ->
                    absent || values.stream().allMatch(v -> Operators.holds(operator, v, wanted));
            case ANY ->
                    absent
                            ? condition.ifExists()
                            : values.stream().anyMatch(v -> Operators.holds(operator, v, wanted));
            case ONE ->
                    absent
                            ? condition.ifExists() || Operators.negated(operator)
                            : single(operator, values, wanted);
        };
    }

    /// Several values under an operator without quantifier: any may match; none, when negated.
    private static boolean single(String operator, List<String> values, List<String> wanted) {
        return Operators.negated(operator)
                ? values.stream().allMatch(v -> Operators.holds(operator, v, wanted))
                : values.stream().anyMatch(v -> Operators.holds(operator, v, wanted));
    }

    /// Condition keys ignore case, except in the part after a slash, such as a tag's name.
    static @Nullable List<String> factValues(Map<String, List<String>> facts, String key) {
        List<String> exact = facts.get(key);
        if (exact != null) {
            return exact;
        }
        String wanted = foldKey(key);
        for (Map.Entry<String, List<String>> fact : facts.entrySet()) {
            if (foldKey(fact.getKey()).equals(wanted)) {
                return fact.getValue();
            }
        }
        return null;
    }

    private static String foldKey(String key) {
        int slash = key.indexOf('/');
        return slash < 0
                ? key.toLowerCase(Locale.ROOT)
                : key.substring(0, slash).toLowerCase(Locale.ROOT) + key.substring(slash);
    }
}
