package dev.freehold.services.iam;

import dev.freehold.policy.Evaluator;
import dev.freehold.policy.Policy;
import dev.freehold.policy.PolicyParser;
import dev.freehold.policy.Question;
import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.policy.Verdict;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Principal;
import dev.freehold.storage.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Decides by the policies that IAM and the resources have.
public final class PolicyAuthorizer implements Authorizer {
    private static final Set<String> NAMED_WHOLLY =
            Set.of(
                    "iam:PassRole",
                    "iam:CreateUser",
                    "iam:CreateRole",
                    "iam:CreateGroup",
                    "iam:CreateInstanceProfile",
                    "iam:CreateServiceLinkedRole",
                    "iam:ListUsers",
                    "iam:ListRoles",
                    "iam:ListGroups");

    private final Subjects subjects;

    public PolicyAuthorizer(Store store) {
        this.subjects = new Subjects(store);
    }

    @Override
    public Decision decide(Caller caller, List<Permission> permissions) {
        if (permissions.isEmpty()) {
            return new Decision.Allowed();
        }
        Subjects.Known known = subjects.of(caller);
        Subject subject = known.subject();
        if (subject == null) {
            Permission first = permissions.getFirst();
            return denied(caller, first, Verdict.missing("identity-based policy", first.action()));
        }
        for (Permission permission : permissions) {
            String owner = owner(permission, caller);
            if (subject.kind() == Kind.ROOT
                    && permission.resourcePolicy() == null
                    && owner.equals(subject.account())) {
                continue;
            }
            Verdict verdict = Evaluator.decide(question(caller, known, subject, permission, owner));
            if (!verdict.allowed()) {
                return denied(caller, permission, verdict);
            }
        }
        return new Decision.Allowed();
    }

    private Question question(
            Caller caller,
            Subjects.Known known,
            Subject subject,
            Permission permission,
            String owner) {
        Map<String, List<String>> facts = new HashMap<>(known.facts());
        caller.facts().forEach((name, value) -> facts.put(name, List.of(value)));
        permission
                .facts()
                .forEach((name, value) -> facts.put(name, List.of(value.split("\u0000", -1))));
        facts.putIfAbsent("aws:PrincipalIsAWSService", List.of("false"));
        facts.putIfAbsent("aws:ViaAWSService", List.of("false"));
        facts.put("aws:ResourceAccount", List.of(owner));
        String document = permission.resourcePolicy();
        // AWS: a role is assumed only by whom its trust policy names, be it the account.
        boolean trust = permission.action().startsWith("sts:");
        Policy resourcePolicy =
                document == null
                        ? null
                        : subjects.parse(
                                document,
                                trust ? PolicyParser.Kind.TRUST : PolicyParser.Kind.RESOURCE);
        return new Question(
                subject,
                permission.action(),
                permission.resource(),
                owner,
                facts,
                resourcePolicy,
                trust && document != null);
    }

    /// The account that owns a resource: the ARN's, or the caller's where the ARN has none.
    private static String owner(Permission permission, Caller caller) {
        if (permission.resourceAccount() != null) {
            return permission.resourceAccount();
        }
        Arn arn = Arn.parse(permission.resource());
        return arn == null || arn.account().isEmpty() || arn.account().equals("*")
                ? caller.account()
                : arn.account();
    }

    /// AWS's text; services differ in how they write actions and resources.
    private static Decision denied(Caller caller, Permission permission, Verdict verdict) {
        String action = permission.action();
        String service = action.substring(0, Math.max(0, action.indexOf(':')));
        boolean anonymous = caller.principal() instanceof Principal.Anonymous;
        if (service.equals("s3") && anonymous) {
            return new Decision.Denied(permission, "Access Denied");
        }
        String shown =
                switch (service) {
                    case "sqs" -> action.toLowerCase(Locale.ROOT);
                    case "sns" -> "SNS" + action.substring("sns".length());
                    default -> action;
                };
        String resource =
                switch (service) {
                    case "s3" -> '"' + permission.resource() + '"';
                    case "iam" -> named(action, permission.resource());
                    default -> permission.resource();
                };
        String reason = verdict.reason().replace(action, shown);
        boolean silent = service.equals("sts") && verdict.statement() == null;
        return new Decision.Denied(
                permission,
                "User: "
                        + (anonymous ? "anonymous" : caller.principal().arn())
                        + " is not authorized to perform: "
                        + shown
                        + " on resource: "
                        + resource
                        + (silent ? "" : " " + reason));
    }

    /// IAM names what exists by kind and name: `role reader`.
    private static String named(String action, String resource) {
        int slash = resource.lastIndexOf('/');
        int colon = resource.lastIndexOf(':', slash);
        if (NAMED_WHOLLY.contains(action) || slash < 0 || colon < 0) {
            return resource;
        }
        String kind = resource.substring(colon + 1, resource.indexOf('/', colon));
        return switch (kind) {
            case "role", "user", "group" -> kind + " " + resource.substring(slash + 1);
            case "instance-profile" -> "instance profile " + resource.substring(slash + 1);
            case "policy" -> "policy " + resource;
            default -> resource;
        };
    }
}
