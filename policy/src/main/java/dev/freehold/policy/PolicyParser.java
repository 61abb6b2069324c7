package dev.freehold.policy;

import dev.freehold.policy.Statement.Condition;
import dev.freehold.policy.Statement.Effect;
import dev.freehold.policy.Statement.Quantifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads policy documents.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
public final class PolicyParser {
    /// Where a document is attached, which decides what its statements must and may have.
    public enum Kind {
        IDENTITY,
        RESOURCE,
        /// Who may assume a role: principals, but no resources.
        TRUST
    }

    private static final Set<String> DOCUMENT_MEMBERS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_MEMBERS =
            Set.of(
                    "Sid",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Resource",
                    "NotResource",
                    "Condition");

    private final Kind kind;

    private PolicyParser(Kind kind) {
        this.kind = kind;
    }

    /// Reads a document that is to be attached in that way.
    ///
    /// @throws MalformedPolicyException with AWS's text when it is no policy of that kind
    public static Policy parse(String document, Kind kind) {
        if (Json.read(document) instanceof Map<?, ?> members) {
            return new PolicyParser(kind).document(members);
        }
        throw new MalformedPolicyException("Syntax errors in policy.");
    }

    private Policy document(Map<?, ?> members) {
        for (Object name : members.keySet()) {
            if (!DOCUMENT_MEMBERS.contains(name)) {
                throw new MalformedPolicyException("Syntax errors in policy.");
            }
        }
        String version = text(members.get("Version"));
        if (version != null
                && !version.equals(Policy.CURRENT_VERSION)
                && !version.equals("2008-10-17")) {
            throw new MalformedPolicyException(
                    kind == Kind.IDENTITY
                            ? "Policy document must be version 2012-10-17 or greater."
                            : "The policy must contain a valid version string");
        }
        if (version == null && kind == Kind.IDENTITY) {
            version = "2008-10-17";
        }
        List<Statement> statements = statements(members.get("Statement"));
        String id = text(members.get("Id"));
        return new Policy(version == null ? "2008-10-17" : version, id, statements);
    }

    private List<Statement> statements(@Nullable Object value) {
        List<Statement> statements = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : listOf(value)) {
            if (!(element instanceof Map<?, ?> members)) {
                throw new MalformedPolicyException("Syntax errors in policy.");
            }
            statements.add(statement(members));
        }
        if (statements.isEmpty() && kind != Kind.RESOURCE) {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }
        long sids = statements.stream().map(Statement::sid).filter(s -> s != null).count();
        if (sids
                != statements.stream()
                        .map(Statement::sid)
                        .filter(s -> s != null)
                        .distinct()
                        .count()) {
            throw new MalformedPolicyException(
                    "Statement IDs (SID) in a single policy must be unique.");
        }
        return statements;
    }

    private static List<?> listOf(@Nullable Object value) {
        return value == null ? List.of() : List.of(value);
    }

    private Statement statement(Map<?, ?> members) {
        for (Object name : members.keySet()) {
            if (!STATEMENT_MEMBERS.contains(name)) {
                throw new MalformedPolicyException("Syntax errors in policy.");
            }
        }
        Effect effect =
                switch (String.valueOf(members.get("Effect"))) {
                    case "Allow" -> Effect.ALLOW;
                    case "Deny" -> Effect.DENY;
                    default -> throw new MalformedPolicyException("Syntax errors in policy.");
                };
        onlyOne(members, "Action", "NotAction");
        onlyOne(members, "Resource", "NotResource");
        onlyOne(members, "Principal", "NotPrincipal");
        boolean principalsNegated = members.containsKey("NotPrincipal");
        return new Statement(
                text(members.get("Sid")),
                effect,
                principals(members.get(principalsNegated ? "NotPrincipal" : "Principal")),
                principalsNegated,
                actions(members),
                members.containsKey("NotAction"),
                resources(members),
                members.containsKey("NotResource"),
                conditions(members.get("Condition")));
    }

    private static void onlyOne(Map<?, ?> members, String one, String other) {
        if (members.containsKey(one) && members.containsKey(other)) {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }
    }

    private static List<String> actions(Map<?, ?> members) {
        Object value = members.get(members.containsKey("NotAction") ? "NotAction" : "Action");
        List<String> actions = texts(value);
        if (actions.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain actions.");
        }
        for (String action : actions) {
            if (!action.equals("*") && action.indexOf(':') < 1) {
                throw new MalformedPolicyException(
                        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
            }
        }
        return actions;
    }

    private @Nullable List<String> resources(Map<?, ?> members) {
        boolean negated = members.containsKey("NotResource");
        Object value = members.get(negated ? "NotResource" : "Resource");
        if (kind == Kind.TRUST) {
            if (value != null) {
                throw new MalformedPolicyException("Has prohibited field Resource");
            }
            return null;
        }
        List<String> resources = texts(value);
        if (resources.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain resources.");
        }
        for (String resource : resources) {
            if (kind == Kind.IDENTITY && !resource.equals("*") && !resource.startsWith("arn:")) {
                throw new MalformedPolicyException(
                        "Resource " + resource + " must be in ARN format or \"*\".");
            }
        }
        return resources;
    }

    private @Nullable Map<String, List<String>> principals(@Nullable Object value) {
        if (kind == Kind.IDENTITY) {
            if (value != null) {
                throw new MalformedPolicyException(
                        "Policy document should not specify a principal.");
            }
            return null;
        }
        if (value instanceof Map<?, ?> types) {
            Map<String, List<String>> principals = new LinkedHashMap<>();
            types.forEach((type, names) -> principals.put(String.valueOf(type), texts(names)));
            return principals;
        }
        if ("*".equals(value)) {
            return Map.of("*", List.of("*"));
        }
        throw new MalformedPolicyException(
                value == null ? "Missing required field Principal" : "Invalid principal in policy");
    }

    private static List<Condition> conditions(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        List<Condition> conditions = new ArrayList<>();
        if (!(value instanceof Map<?, ?> operators)) {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }
        operators.forEach((operator, keys) -> {
            if (!(keys instanceof Map<?, ?> tests)) {
                throw new MalformedPolicyException("Syntax errors in policy.");
            }
            tests.forEach((key, values) ->
                    conditions.add(
                            condition(
                                    String.valueOf(operator), String.valueOf(key), texts(values))));
        });
        return conditions;
    }

    private static Condition condition(String written, String key, List<String> values) {
        String operator = written.toLowerCase(Locale.ROOT);
        Quantifier quantifier = Quantifier.ONE;
        if (operator.startsWith("forallvalues:")) {
            quantifier = Quantifier.ALL;
            operator = operator.substring("forallvalues:".length());
        } else if (operator.startsWith("foranyvalue:")) {
            quantifier = Quantifier.ANY;
            operator = operator.substring("foranyvalue:".length());
        }
        boolean ifExists = operator.endsWith("ifexists");
        if (ifExists) {
            operator = operator.substring(0, operator.length() - "ifexists".length());
        }
        if (!Operators.known(operator)) {
            throw new MalformedPolicyException("Invalid Condition type : " + written);
        }
        return new Condition(operator, quantifier, ifExists, key, values);
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new MalformedPolicyException("Syntax errors in policy.");
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : listOf(value)) {
            String text = text(element);
            if (text == null) {
                throw new MalformedPolicyException("Syntax errors in policy.");
            }
            texts.add(text);
        }
        return texts;
    }
}
