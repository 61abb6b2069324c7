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
import java.util.regex.Pattern;
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

    private static final String SYNTAX = "Syntax errors in policy.";
    private static final Pattern SID = Pattern.compile("[0-9A-Za-z]*");
    private static final Pattern VENDOR = Pattern.compile("[a-zA-Z0-9-]+");

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
        throw new MalformedPolicyException(SYNTAX);
    }

    private Policy document(Map<?, ?> members) {
        for (Object name : members.keySet()) {
            if (!DOCUMENT_MEMBERS.contains(name)) {
                throw new MalformedPolicyException(SYNTAX);
            }
        }
        String version = text(members.get("Version"));
        if (version != null
                && !version.equals(Policy.CURRENT_VERSION)
                && !version.equals("2008-10-17")) {
            throw new MalformedPolicyException(
                    kind == Kind.RESOURCE
                            ? "The policy must contain a valid version string"
                            : SYNTAX);
        }
        if (version == null && kind == Kind.IDENTITY) {
            throw new MalformedPolicyException(
                    "Policy document must be version 2012-10-17 or greater.");
        }
        List<Statement> statements = statements(members.get("Statement"));
        String id = text(members.get("Id"));
        return new Policy(version == null ? "2008-10-17" : version, id, statements);
    }

    private List<Statement> statements(@Nullable Object value) {
        List<Statement> statements = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : listOf(value)) {
            if (!(element instanceof Map<?, ?> members)) {
                throw new MalformedPolicyException(SYNTAX);
            }
            statements.add(statement(members));
        }
        if (statements.isEmpty() && kind != Kind.RESOURCE) {
            throw new MalformedPolicyException(SYNTAX);
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
                throw new MalformedPolicyException(SYNTAX);
            }
        }
        Effect effect =
                switch (String.valueOf(members.get("Effect"))) {
                    case "Allow" -> Effect.ALLOW;
                    case "Deny" -> Effect.DENY;
                    default -> throw new MalformedPolicyException(SYNTAX);
                };
        onlyOne(members, "Action", "NotAction");
        onlyOne(members, "Resource", "NotResource");
        onlyOne(members, "Principal", "NotPrincipal");
        boolean principalsNegated = members.containsKey("NotPrincipal");
        String sid = text(members.get("Sid"));
        if (kind == Kind.IDENTITY && sid != null && !SID.matcher(sid).matches()) {
            throw new MalformedPolicyException(
                    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies"
                            + " the regular expression [0-9A-Za-z]*");
        }
        return new Statement(
                sid,
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
            throw new MalformedPolicyException(SYNTAX);
        }
    }

    private List<String> actions(Map<?, ?> members) {
        Object value = members.get(members.containsKey("NotAction") ? "NotAction" : "Action");
        List<String> actions = texts(value);
        if (actions.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain actions.");
        }
        for (String action : actions) {
            checkAction(action);
        }
        return actions;
    }

    private void checkAction(String action) {
        if (kind == Kind.TRUST && !action.toLowerCase(Locale.ROOT).startsWith("sts:")) {
            throw new MalformedPolicyException(
                    "AssumeRole policy may only specify STS AssumeRole actions.");
        }
        if (action.equals("*")) {
            return;
        }
        int colon = action.indexOf(':');
        if (colon < 1) {
            throw new MalformedPolicyException(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
        String vendor = action.substring(0, colon);
        if (kind == Kind.IDENTITY && !VENDOR.matcher(vendor).matches()) {
            throw new MalformedPolicyException("Vendor " + vendor + " is not valid");
        }
        if (kind == Kind.IDENTITY && action.indexOf(':', colon + 1) >= 0) {
            throw new MalformedPolicyException("Actions/Condition can contain only one colon.");
        }
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
        if (kind == Kind.IDENTITY) {
            resources.forEach(PolicyParser::checkResource);
        }
        return resources;
    }

    private static void checkResource(String resource) {
        if (resource.equals("*")) {
            return;
        }
        if (!resource.startsWith("arn:")) {
            throw new MalformedPolicyException(
                    "Resource " + resource + " must be in ARN format or \"*\".");
        }
        String[] parts = resource.split(":", 6);
        if (parts.length < 3 && !resource.endsWith("*")) {
            throw new MalformedPolicyException(
                    "Resource vendor must be fully qualified and cannot contain regexes.");
        }
        String partition = parts[1];
        if (!partition.contains("*") && !partition.startsWith("aws") && !partition.contains("$")) {
            throw new MalformedPolicyException(
                    "Partition \""
                            + partition
                            + "\" is not valid for resource \""
                            + resource
                            + "\".");
        }
        boolean iam = parts.length > 3 && parts[2].equals("iam");
        if (iam && !parts[3].isEmpty() && !parts[3].equals("*")) {
            throw new MalformedPolicyException(
                    "IAM resource " + resource + " cannot contain region information.");
        }
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
            throw new MalformedPolicyException(SYNTAX);
        }
        operators.forEach((operator, keys) -> {
            if (!(keys instanceof Map<?, ?> tests)) {
                throw new MalformedPolicyException(SYNTAX);
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
        throw new MalformedPolicyException(SYNTAX);
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : listOf(value)) {
            String text = text(element);
            if (text == null) {
                throw new MalformedPolicyException(SYNTAX);
            }
            texts.add(text);
        }
        return texts;
    }
}
