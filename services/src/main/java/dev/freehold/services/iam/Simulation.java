package dev.freehold.services.iam;

import dev.freehold.api.iam.ContextEntry;
import dev.freehold.api.iam.EvaluationResult;
import dev.freehold.api.iam.InvalidInputException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.OrganizationsDecisionDetail;
import dev.freehold.api.iam.PermissionsBoundaryDecisionDetail;
import dev.freehold.api.iam.ResourceSpecificResult;
import dev.freehold.api.iam.SimulateCustomPolicyRequest;
import dev.freehold.api.iam.SimulateCustomPolicyResponse;
import dev.freehold.api.iam.SimulatePrincipalPolicyRequest;
import dev.freehold.api.iam.SimulatePrincipalPolicyResponse;
import dev.freehold.policy.Evaluator;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.Policy;
import dev.freehold.policy.PolicyParser;
import dev.freehold.policy.Question;
import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.policy.Statement;
import dev.freehold.policy.Verdict;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Answers what policies would allow, without doing it.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html>.
final class Simulation {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([\\w:/.+=@-]+)(?:,[^}]*)?}");

    private final Store store;

    Simulation(Store store) {
        this.store = store;
    }

    /// A policy, and what it is called in answers.
    private record Source(String id, String type, String document, Policy policy) {}

    /// What is simulated: who, with which policies, over which resources.
    private record Case(
            Kind kind,
            String account,
            String arn,
            List<Source> sources,
            List<Source> boundaries,
            @Nullable Source resourcePolicy,
            Map<String, List<String>> facts) {}

    SimulatePrincipalPolicyResponse ofPrincipal(SimulatePrincipalPolicyRequest in, Caller caller) {
        if (in.policyExclusionList() != null && !in.policyExclusionList().isEmpty()) {
            throw new NotImplementedError("PolicyExclusionList of SimulatePrincipalPolicy");
        }
        List<Source> sources = new ArrayList<>(sources(in.policySourceArn(), caller));
        sources.addAll(inputs(in.policyInputList(), "PolicyInputList"));
        List<Source> boundaries =
                in.permissionsBoundaryPolicyInputList() == null
                        ? boundary(in.policySourceArn(), caller)
                        : inputs(
                                in.permissionsBoundaryPolicyInputList(),
                                "PermissionsBoundaryPolicyInputList");
        String arn = in.callerArn() == null ? in.policySourceArn() : in.callerArn();
        Case simulated =
                new Case(
                        arn.contains(":role/") ? Kind.ROLE : Kind.USER,
                        caller.account(),
                        arn,
                        sources,
                        boundaries,
                        resourcePolicy(in.resourcePolicy()),
                        facts(in.contextEntries()));
        Pages.Page<EvaluationResult> page =
                page(simulated, in.actionNames(), in.resourceArns(), in.marker(), in.maxItems());
        return SimulatePrincipalPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    SimulateCustomPolicyResponse ofDocuments(SimulateCustomPolicyRequest in, Caller caller) {
        if (in.orderedOrganizationPolicyInputList() != null
                && !in.orderedOrganizationPolicyInputList().isEmpty()) {
            throw new NotImplementedError("Policies of organizations in SimulateCustomPolicy");
        }
        String arn =
                in.callerArn() == null
                        ? "arn:aws:iam::" + caller.account() + ":user/simulated"
                        : in.callerArn();
        Case simulated =
                new Case(
                        arn.contains(":role/") ? Kind.ROLE : Kind.USER,
                        caller.account(),
                        arn,
                        inputs(in.policyInputList(), "PolicyInputList"),
                        inputs(
                                in.permissionsBoundaryPolicyInputList(),
                                "PermissionsBoundaryPolicyInputList"),
                        resourcePolicy(in.resourcePolicy()),
                        facts(in.contextEntries()));
        Pages.Page<EvaluationResult> page =
                page(simulated, in.actionNames(), in.resourceArns(), in.marker(), in.maxItems());
        return SimulateCustomPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    private static Pages.Page<EvaluationResult> page(
            Case simulated,
            List<String> actions,
            @Nullable List<String> resources,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        List<EvaluationResult> results = new ArrayList<>();
        List<String> all = resources == null || resources.isEmpty() ? List.of("*") : resources;
        for (String action : actions) {
            for (String resource : all) {
                results.add(evaluate(simulated, action, resource));
            }
        }
        return Pages.of(
                results, r -> r.evalActionName() + " " + r.evalResourceName(), marker, maxItems);
    }

    private static EvaluationResult evaluate(Case simulated, String action, String resource) {
        Policy boundary = merged(simulated.boundaries);
        Subject subject =
                new Subject(
                        simulated.kind,
                        simulated.account,
                        List.of(simulated.arn),
                        simulated.sources.stream().map(Source::policy).toList(),
                        boundary,
                        List.of());
        Arn arn = Arn.parse(resource);
        String owner = arn == null || arn.account().isEmpty() ? simulated.account : arn.account();
        Source ofResource = simulated.resourcePolicy;
        Question question =
                new Question(
                        subject,
                        action,
                        resource,
                        owner,
                        simulated.facts,
                        ofResource == null ? null : ofResource.policy);
        Verdict verdict = Evaluator.decide(question);
        Statement.Effect decided =
                verdict.allowed() ? Statement.Effect.ALLOW : Statement.Effect.DENY;
        List<dev.freehold.api.iam.Statement> matched = new ArrayList<>();
        List<Source> consulted = new ArrayList<>(simulated.sources);
        consulted.addAll(simulated.boundaries);
        if (ofResource != null) {
            consulted.add(ofResource);
        }
        for (Source source : consulted) {
            for (Statement statement : Evaluator.matching(source.policy, question)) {
                if (statement.effect() == decided) {
                    matched.add(view(source));
                }
            }
        }
        return result(simulated, question, verdict, matched);
    }

    private static EvaluationResult result(
            Case simulated,
            Question question,
            Verdict verdict,
            List<dev.freehold.api.iam.Statement> matched) {
        String decision =
                verdict.allowed()
                        ? "allowed"
                        : verdict.statement() == null ? "implicitDeny" : "explicitDeny";
        List<String> missing = missing(simulated);
        Policy boundary = question.subject().boundary();
        PermissionsBoundaryDecisionDetail bounded =
                boundary == null
                        ? null
                        : PermissionsBoundaryDecisionDetail.builder()
                                .allowedByPermissionsBoundary(
                                        Evaluator.matching(boundary, question).stream()
                                                .anyMatch(
                                                        s -> s.effect() == Statement.Effect.ALLOW))
                                .build();
        ResourceSpecificResult specific =
                ResourceSpecificResult.builder()
                        .evalResourceName(question.resource())
                        .evalResourceDecision(decision)
                        .matchedStatements(matched)
                        .missingContextValues(missing)
                        .permissionsBoundaryDecisionDetail(bounded)
                        .build();
        return EvaluationResult.builder()
                .evalActionName(question.action())
                .evalResourceName(question.resource())
                .evalDecision(decision)
                .evalDecisionDetails(Map.of())
                .matchedStatements(matched)
                .missingContextValues(missing)
                .organizationsDecisionDetail(
                        OrganizationsDecisionDetail.builder().allowedByOrganizations(true).build())
                .permissionsBoundaryDecisionDetail(bounded)
                .resourceSpecificResults(List.of(specific))
                .build();
    }

    private static dev.freehold.api.iam.Statement view(Source source) {
        return dev.freehold.api.iam.Statement.builder()
                .sourcePolicyId(source.id)
                .sourcePolicyType(source.type)
                .build();
    }

    /// The keys that the policies ask for and nobody gave.
    private static List<String> missing(Case simulated) {
        return contextKeys(simulated.sources.stream().map(Source::document).toList()).stream()
                .filter(key -> simulated.facts.keySet().stream().noneMatch(key::equalsIgnoreCase))
                .toList();
    }

    private static @Nullable Policy merged(List<Source> sources) {
        if (sources.isEmpty()) {
            return null;
        }
        List<Statement> statements = new ArrayList<>();
        sources.forEach(source -> statements.addAll(source.policy.statements()));
        return new Policy(Policy.CURRENT_VERSION, null, statements);
    }

    private static Map<String, List<String>> facts(@Nullable List<ContextEntry> entries) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        for (ContextEntry entry : entries == null ? List.<ContextEntry>of() : entries) {
            if (entry.contextKeyName() != null && entry.contextKeyValues() != null) {
                facts.put(entry.contextKeyName(), entry.contextKeyValues());
            }
        }
        return facts;
    }

    private static @Nullable Source resourcePolicy(@Nullable String document) {
        return document == null
                ? null
                : source("ResourcePolicy", "Resource Policy", document, PolicyParser.Kind.RESOURCE);
    }

    private static List<Source> inputs(@Nullable List<String> documents, String name) {
        List<Source> sources = new ArrayList<>();
        for (String document : documents == null ? List.<String>of() : documents) {
            String id = name + "." + (sources.size() + 1);
            sources.add(source(id, "IAM Policy", document, PolicyParser.Kind.IDENTITY));
        }
        return sources;
    }

    private static Source source(String id, String type, String document, PolicyParser.Kind kind) {
        try {
            return new Source(id, type, document, PolicyParser.parse(document, kind));
        } catch (MalformedPolicyException e) {
            throw new InvalidInputException(e.getMessage());
        }
    }

    private record Named(Entity.Kind kind, String name) {}

    private static Named named(String arn) {
        Arn parsed = Arn.parse(arn);
        if (parsed == null || !parsed.service().equals("iam")) {
            throw new InvalidInputException("Invalid Entity Arn: " + arn);
        }
        String resource = parsed.resource();
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        for (Entity.Kind kind : Entity.Kind.values()) {
            if (resource.startsWith(kind.word + "/")) {
                return new Named(kind, name);
            }
        }
        throw new InvalidInputException("Invalid Entity Arn: " + arn);
    }

    private static Entity entity(Transaction tx, Named named, Caller caller) {
        Entity entity =
                tx.get(IamTables.ENTITIES, EntityKey.of(caller.account(), named.kind, named.name));
        if (entity == null) {
            throw new NoSuchEntityException(
                    "The " + named.kind.word + " with name " + named.name + " cannot be found.");
        }
        return entity;
    }

    /// The documents of all policies of a user (with its groups'), group or role.
    List<String> documents(String arn, Caller caller) {
        return sources(arn, caller).stream().map(Source::document).toList();
    }

    private List<Source> sources(String arn, Caller caller) {
        Named named = named(arn);
        return store.read(tx -> {
            Entity entity = entity(tx, named, caller);
            List<Source> sources = new ArrayList<>();
            collect(tx, caller, named.kind, entity, sources);
            for (String group : entity.groups()) {
                Entity members = entity(tx, new Named(Entity.Kind.GROUP, group), caller);
                collect(tx, caller, Entity.Kind.GROUP, members, sources);
            }
            return sources;
        });
    }

    private static void collect(
            Transaction tx, Caller caller, Entity.Kind kind, Entity entity, List<Source> sources) {
        entity.inline()
                .forEach((name, document) ->
                        sources.add(
                                source(
                                        kind.word + "_" + entity.name() + "_" + name,
                                        "IAM Policy",
                                        document,
                                        PolicyParser.Kind.IDENTITY)));
        for (String arn : entity.attached()) {
            ManagedPolicy policy = IamTables.policy(tx, caller.account(), arn);
            if (policy != null) {
                sources.add(managed(policy));
            }
        }
    }

    private static Source managed(ManagedPolicy policy) {
        return source(policy.name(), "IAM Policy", policy.document(), PolicyParser.Kind.IDENTITY);
    }

    private List<Source> boundary(String arn, Caller caller) {
        Named named = named(arn);
        return store.read(tx -> {
            String boundary = entity(tx, named, caller).boundary();
            ManagedPolicy policy =
                    boundary == null ? null : IamTables.policy(tx, caller.account(), boundary);
            return policy == null ? List.of() : List.of(managed(policy));
        });
    }

    /// The condition keys that documents ask for, in conditions and variables.
    static List<String> contextKeys(List<String> documents) {
        Set<String> keys = new LinkedHashSet<>();
        for (String document : documents) {
            Source source =
                    source("PolicyInputList", "IAM Policy", document, PolicyParser.Kind.IDENTITY);
            source.policy
                    .statements()
                    .forEach(statement -> statement.conditions().forEach(c -> keys.add(c.key())));
            Matcher matcher = VARIABLE.matcher(document);
            while (matcher.find()) {
                keys.add(matcher.group(1));
            }
        }
        return List.copyOf(keys);
    }
}
