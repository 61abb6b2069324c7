package dev.freehold.services.iam;

import dev.freehold.policy.Evaluator;
import dev.freehold.policy.MalformedPolicyException;
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
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Decides by the policies that IAM and the resources have.
public final class PolicyAuthorizer implements Authorizer {
    /// The most parsed documents that are kept.
    private static final int MAX_PARSED = 1024;

    private final Store store;
    private final Map<String, Policy> parsed = new ConcurrentHashMap<>();

    public PolicyAuthorizer(Store store) {
        this.store = store;
    }

    @Override
    public Decision decide(Caller caller, List<Permission> permissions) {
        if (permissions.isEmpty()) {
            return new Decision.Allowed();
        }
        Subject subject = subject(caller);
        if (subject == null) {
            Permission first = permissions.getFirst();
            return denied(caller, first, Verdict.missing("identity-based policy", first.action()));
        }
        for (Permission permission : permissions) {
            Verdict verdict = Evaluator.decide(question(caller, subject, permission));
            if (!verdict.allowed()) {
                return denied(caller, permission, verdict);
            }
        }
        return new Decision.Allowed();
    }

    private static Decision denied(Caller caller, Permission permission, Verdict verdict) {
        String who =
                caller.principal() instanceof Principal.Anonymous
                        ? "anonymous"
                        : caller.principal().arn();
        return new Decision.Denied(
                permission,
                "User: "
                        + who
                        + " is not authorized to perform: "
                        + permission.action()
                        + " on resource: "
                        + permission.resource()
                        + " "
                        + verdict.reason());
    }

    private Question question(Caller caller, Subject subject, Permission permission) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        caller.facts().forEach((name, value) -> facts.put(name, List.of(value)));
        permission
                .facts()
                .forEach((name, value) -> facts.put(name, List.of(value.split("\u0000", -1))));
        facts.put("aws:PrincipalArn", List.of(caller.principal().arn()));
        facts.put("aws:PrincipalAccount", List.of(subject.account()));
        facts.put("aws:userid", List.of(caller.principal().id()));
        if (caller.principal() instanceof Principal.User user) {
            facts.put("aws:username", List.of(user.name()));
        }
        return new Question(
                subject,
                permission.action(),
                permission.resource(),
                permission.resourceAccount() == null
                        ? owner(permission.resource(), caller)
                        : permission.resourceAccount(),
                facts,
                permission.resourcePolicy() == null
                        ? null
                        : parse(permission.resourcePolicy(), PolicyParser.Kind.RESOURCE));
    }

    /// The account that owns a resource: the ARN's, or the caller's where the ARN has none.
    private static String owner(String resource, Caller caller) {
        Arn arn = Arn.parse(resource);
        return arn == null || arn.account().isEmpty() ? caller.account() : arn.account();
    }

    private @Nullable Subject subject(Caller caller) {
        String account = caller.account();
        return switch (caller.principal()) {
            case Principal.Root root ->
                    new Subject(
                            Kind.ROOT,
                            root.account(),
                            List.of(root.arn()),
                            List.of(),
                            null,
                            List.of());
            case Principal.Service service ->
                    new Subject(
                            Kind.SERVICE, "", List.of(service.name()), List.of(), null, List.of());
            case Principal.Anonymous() ->
                    new Subject(Kind.ANONYMOUS, "", List.of(), List.of(), null, List.of());
            case Principal.User user ->
                    store.read(tx ->
                            entitySubject(tx, Entity.Kind.USER, account, user.name(), user.arn()));
            case Principal.AssumedRole role ->
                    store.read(tx ->
                            withSession(
                                    tx,
                                    caller,
                                    entitySubject(
                                            tx,
                                            Entity.Kind.ROLE,
                                            role.account(),
                                            role.roleName(),
                                            role.arn())));
        };
    }

    private @Nullable Subject withSession(
            Transaction tx, Caller caller, @Nullable Subject subject) {
        String key = caller.facts().get("freehold:AccessKey");
        Session session = key == null ? null : tx.peek(IamTables.SESSIONS, key);
        if (subject == null || session == null || session.policies().isEmpty()) {
            return subject;
        }
        List<Policy> policies = new ArrayList<>();
        session.policies().forEach(text -> policies.add(parse(text, PolicyParser.Kind.IDENTITY)));
        return new Subject(
                subject.kind(),
                subject.account(),
                subject.names(),
                subject.identity(),
                subject.boundary(),
                policies);
    }

    private @Nullable Subject entitySubject(
            Transaction tx, Entity.Kind kind, String account, String name, String arn) {
        Entity entity = tx.peek(IamTables.ENTITIES, EntityKey.of(account, kind, name));
        if (entity == null) {
            return null;
        }
        List<Policy> policies = new ArrayList<>();
        collect(tx, account, entity, policies);
        for (String group : entity.groups()) {
            Entity members =
                    tx.peek(IamTables.ENTITIES, EntityKey.of(account, Entity.Kind.GROUP, group));
            if (members != null) {
                collect(tx, account, members, policies);
            }
        }
        ManagedPolicy boundary =
                entity.boundary() == null ? null : IamTables.policy(tx, account, entity.boundary());
        boolean role = kind == Entity.Kind.ROLE;
        return new Subject(
                role ? Kind.ROLE : Kind.USER,
                account,
                role ? List.of(arn, entity.arn(kind, account)) : List.of(arn),
                policies,
                boundary == null ? null : parse(boundary.document(), PolicyParser.Kind.IDENTITY),
                List.of());
    }

    private void collect(Transaction tx, String account, Entity entity, List<Policy> policies) {
        for (String document : entity.inline().values()) {
            policies.add(parse(document, PolicyParser.Kind.IDENTITY));
        }
        for (String arn : entity.attached()) {
            ManagedPolicy policy = IamTables.policy(tx, account, arn);
            if (policy != null) {
                policies.add(parse(policy.document(), PolicyParser.Kind.IDENTITY));
            }
        }
    }

    /// Documents were checked when they were stored; one that can't be read allows nothing.
    private Policy parse(String document, PolicyParser.Kind kind) {
        Policy known = parsed.get(document);
        if (known != null) {
            return known;
        }
        Policy policy;
        try {
            policy = PolicyParser.parse(document, kind);
        } catch (MalformedPolicyException e) {
            policy = new Policy(Policy.CURRENT_VERSION, null, List.of());
        }
        if (parsed.size() >= MAX_PARSED) {
            parsed.clear();
        }
        parsed.put(document, policy);
        return policy;
    }
}
