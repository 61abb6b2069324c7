package dev.freehold.services.iam;

import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.Policy;
import dev.freehold.policy.PolicyParser;
import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.protocol.Caller;
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

/// Callers with the policies that apply to them, parsed, kept as long as nothing changes.
///
/// INVARIANT: what is kept was derived at the account's generation that it names, and each use
/// compares that with the store's. Every change of a user, group, role or policy raises the
/// generation in its own transaction, so no decision outlives a change, whoever made it.
final class Subjects {
    /// The most callers that are kept.
    private static final int MAX_KEPT = 4_096;

    /// The most parsed documents that are kept.
    private static final int MAX_PARSED = 4_096;

    private static final String EVERYTHING =
            "{\"Version\":\"2012-10-17\",\"Statement\":"
                    + "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";
    private static final Policy NOTHING = new Policy(Policy.CURRENT_VERSION, null, List.of());

    private final Store store;
    private final Map<Key, Known> kept = new ConcurrentHashMap<>();
    private final Map<Document, Policy> parsed = new ConcurrentHashMap<>();

    Subjects(Store store) {
        this.store = store;
    }

    /// @param arn the principal's
    /// @param accessKey of a session; empty for others
    private record Key(String arn, String accessKey) {}

    private record Document(String text, PolicyParser.Kind kind) {}

    /// A caller as policies see it.
    ///
    /// @param generation of the account, when it was derived
    /// @param subject or null when it is gone
    /// @param facts condition keys about it
    record Known(long generation, @Nullable Subject subject, Map<String, List<String>> facts) {}

    Known of(Caller caller) {
        return switch (caller.principal()) {
            case Principal.Service service -> service(service.name(), caller.region());
            case Principal.Anonymous anonymous ->
                    fixed(Kind.ANONYMOUS, "", anonymous.arn(), type("Anonymous"));
            case Principal.Root root ->
                    fixed(Kind.ROOT, root.account(), root.arn(), type("Account"));
            default -> stored(caller);
        };
    }

    /// AWS's services go by two names: `logs.amazonaws.com` and `logs.us-east-1.amazonaws.com`.
    private static Known service(String name, String region) {
        String regional = name.replace(".amazonaws.com", "." + region + ".amazonaws.com");
        Subject subject =
                new Subject(Kind.SERVICE, "", List.of(name, regional), List.of(), null, List.of());
        return new Known(0, subject, Map.of());
    }

    private static Map<String, List<String>> type(String type) {
        return Map.of("aws:PrincipalType", List.of(type));
    }

    private static Known fixed(
            Kind kind, String account, String name, Map<String, List<String>> facts) {
        Map<String, List<String>> all = new LinkedHashMap<>(facts);
        if (kind == Kind.ROOT) {
            all.put("aws:PrincipalArn", List.of(name));
            all.put("aws:PrincipalAccount", List.of(account));
            all.put("aws:userid", List.of(account));
        }
        Subject subject = new Subject(kind, account, List.of(name), List.of(), null, List.of());
        return new Known(0, subject, all);
    }

    private Known stored(Caller caller) {
        String accessKey = caller.facts().getOrDefault(Caller.ACCESS_KEY, "");
        Key key = new Key(caller.principal().arn(), accessKey);
        return store.read(tx -> {
            long generation = IamTables.generation(tx, caller.account());
            Known known = kept.get(key);
            if (known != null && known.generation == generation) {
                return known;
            }
            Known derived = derive(tx, caller, accessKey, generation);
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(key, derived);
            return derived;
        });
    }

    private Known derive(Transaction tx, Caller caller, String accessKey, long generation) {
        Session session = accessKey.isEmpty() ? null : tx.peek(IamTables.SESSIONS, accessKey);
        Map<String, List<String>> facts = new LinkedHashMap<>();
        facts.put("aws:PrincipalAccount", List.of(caller.account()));
        facts.put("aws:userid", List.of(caller.principal().id()));
        facts.put("aws:PrincipalArn", List.of(caller.principal().arn()));
        Subject subject =
                switch (caller.principal()) {
                    case Principal.User user -> {
                        facts.put("aws:PrincipalType", List.of("User"));
                        facts.put("aws:username", List.of(user.name()));
                        yield user(tx, user.account(), user.name(), user.arn(), facts);
                    }
                    case Principal.AssumedRole role -> {
                        facts.put("aws:PrincipalType", List.of("AssumedRole"));
                        facts.put("aws:PrincipalArn", List.of(role.roleArn()));
                        yield role(tx, role, session, facts);
                    }
                    case Principal.Federated federated -> {
                        facts.put("aws:PrincipalType", List.of("FederatedUser"));
                        yield federated(tx, federated, session, facts);
                    }
                    default -> null;
                };
        if (session != null) {
            facts.put("aws:TokenIssueTime", List.of(session.issued().toString()));
            facts.put("aws:MultiFactorAuthPresent", List.of("false"));
            session.tags().forEach((tag, value) -> facts.put(tag(tag), List.of(value)));
            if (session.sourceIdentity() != null) {
                facts.put("aws:SourceIdentity", List.of(session.sourceIdentity()));
            }
        }
        return new Known(generation, subject, facts);
    }

    private static String tag(String key) {
        return "aws:PrincipalTag/" + key;
    }

    private @Nullable Subject user(
            Transaction tx,
            String account,
            String name,
            String arn,
            Map<String, List<String>> facts) {
        Entity user = tx.peek(IamTables.ENTITIES, EntityKey.of(account, Entity.Kind.USER, name));
        if (user == null) {
            return null;
        }
        user.tags().forEach((tag, value) -> facts.put(tag(tag), List.of(value)));
        List<Policy> policies = new ArrayList<>();
        collect(tx, account, user, policies);
        for (String group : user.groups()) {
            Entity members =
                    tx.peek(IamTables.ENTITIES, EntityKey.of(account, Entity.Kind.GROUP, group));
            if (members != null) {
                collect(tx, account, members, policies);
            }
        }
        return new Subject(
                Kind.USER, account, List.of(arn), policies, boundary(tx, account, user), List.of());
    }

    private @Nullable Subject role(
            Transaction tx,
            Principal.AssumedRole assumed,
            @Nullable Session session,
            Map<String, List<String>> facts) {
        String account = assumed.account();
        Entity role =
                tx.peek(
                        IamTables.ENTITIES,
                        EntityKey.of(account, Entity.Kind.ROLE, assumed.roleName()));
        // AWS: a role made anew under the same name is another one.
        if (role == null || !role.id().equals(assumed.roleId())) {
            return null;
        }
        role.tags().forEach((tag, value) -> facts.put(tag(tag), List.of(value)));
        List<Policy> policies = new ArrayList<>();
        collect(tx, account, role, policies);
        return new Subject(
                Kind.ROLE,
                account,
                List.of(assumed.arn(), assumed.roleArn()),
                policies,
                boundary(tx, account, role),
                session == null ? List.of() : documents(session.policies()));
    }

    /// What both the user and the session's policies allow; nothing, when there are none.
    private @Nullable Subject federated(
            Transaction tx,
            Principal.Federated federated,
            @Nullable Session session,
            Map<String, List<String>> facts) {
        List<Policy> limits =
                session == null || session.policies().isEmpty()
                        ? List.of(NOTHING)
                        : documents(session.policies());
        String account = federated.account();
        Subject user =
                federated.user().isEmpty()
                        ? null
                        : user(tx, account, federated.user(), federated.arn(), facts);
        if (user == null && !federated.user().isEmpty()) {
            return null;
        }
        return new Subject(
                Kind.USER,
                account,
                List.of(federated.arn()),
                user == null
                        ? List.of(parse(EVERYTHING, PolicyParser.Kind.IDENTITY))
                        : user.identity(),
                user == null ? null : user.boundary(),
                limits);
    }

    private List<Policy> documents(List<String> texts) {
        return texts.stream().map(text -> parse(text, PolicyParser.Kind.IDENTITY)).toList();
    }

    private @Nullable Policy boundary(Transaction tx, String account, Entity entity) {
        if (entity.boundary() == null) {
            return null;
        }
        ManagedPolicy policy = IamTables.policy(tx, account, entity.boundary());
        return policy == null ? NOTHING : parse(policy.document(), PolicyParser.Kind.IDENTITY);
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
    Policy parse(String text, PolicyParser.Kind kind) {
        Document document = new Document(text, kind);
        Policy known = parsed.get(document);
        if (known != null) {
            return known;
        }
        Policy policy;
        try {
            policy = PolicyParser.parse(text, kind);
        } catch (MalformedPolicyException e) {
            policy = NOTHING;
        }
        if (parsed.size() >= MAX_PARSED) {
            parsed.clear();
        }
        parsed.put(document, policy);
        return policy;
    }
}
