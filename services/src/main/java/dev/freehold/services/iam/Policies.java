package dev.freehold.services.iam;

import dev.freehold.api.iam.CreatePolicyRequest;
import dev.freehold.api.iam.CreatePolicyResponse;
import dev.freehold.api.iam.CreatePolicyVersionRequest;
import dev.freehold.api.iam.CreatePolicyVersionResponse;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.DeletePolicyVersionRequest;
import dev.freehold.api.iam.EntityAlreadyExistsException;
import dev.freehold.api.iam.GetPolicyVersionRequest;
import dev.freehold.api.iam.GetPolicyVersionResponse;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.ListEntitiesForPolicyRequest;
import dev.freehold.api.iam.ListEntitiesForPolicyResponse;
import dev.freehold.api.iam.ListPoliciesRequest;
import dev.freehold.api.iam.ListPoliciesResponse;
import dev.freehold.api.iam.ListPolicyVersionsRequest;
import dev.freehold.api.iam.ListPolicyVersionsResponse;
import dev.freehold.api.iam.ManagedPolicyDetail;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.Policy;
import dev.freehold.api.iam.PolicyGroup;
import dev.freehold.api.iam.PolicyRole;
import dev.freehold.api.iam.PolicyUser;
import dev.freehold.api.iam.PolicyVersion;
import dev.freehold.api.iam.SetDefaultPolicyVersionRequest;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.PolicyKey;
import dev.freehold.services.iam.ManagedPolicy.Version;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Managed policies and their versions.
final class Policies {
    private static final int MAX_VERSIONS = 5;

    /// The most characters of a document, without spaces.
    private static final int MAX_SIZE = 6_144;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Policies(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    private static void check(String document) {
        Documents.checkIdentity(document);
        if (document.replaceAll("\\s", "").length() > MAX_SIZE) {
            throw new LimitExceededException("Cannot exceed quota for PolicySize: " + MAX_SIZE);
        }
    }

    /// @throws CommonError when the text is no ARN
    static void checkArn(String arn) {
        Arn parsed = Arn.parse(arn);
        if (parsed == null || parsed.partition().isEmpty() || parsed.service().isEmpty()) {
            throw new CommonError("ValidationError", 400, "Invalid ARN:  Could not be parsed!");
        }
    }

    static void requireAttachable(Transaction tx, Caller caller, String arn) {
        if (IamTables.policy(tx, caller.account(), arn) == null) {
            throw new NoSuchEntityException(
                    "Policy " + arn + " does not exist or is not attachable.");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    CreatePolicyResponse create(CreatePolicyRequest in, Caller caller) {
        check(in.policyDocument());
        String path = in.path() == null ? "/" : in.path();
        String arn = "arn:aws:iam::" + caller.account() + ":policy" + path + in.policyName();
        PolicyKey key = new PolicyKey(caller.account(), arn);
        Instant now = now();
        String id = "ANPA" + ids.get().substring(0, 17);
        ManagedPolicy policy =
                new ManagedPolicy(
                        in.policyName(),
                        path,
                        id,
                        arn,
                        now,
                        now,
                        in.description(),
                        Views.merged(Map.of(), in.tags()),
                        List.of(new Version("v1", in.policyDocument(), now)),
                        "v1",
                        1);
        store.updateOnly(tx -> {
            if (tx.get(IamTables.POLICIES, key) != null) {
                throw new EntityAlreadyExistsException(
                        "A policy called "
                                + in.policyName()
                                + " already exists. Duplicate names are not allowed.");
            }
            IamTables.put(tx, caller.account(), policy);
        });
        return CreatePolicyResponse.builder().policy(created(policy)).build();
    }

    /// CreatePolicy does not answer the description, nor tags when there are none.
    private static Policy created(ManagedPolicy policy) {
        return view(policy, NO_USES).toBuilder()
                .description(null)
                .tags(policy.tags().isEmpty() ? null : Views.tags(policy.tags()))
                .build();
    }

    /// How often a policy is attached, and how often it is a boundary.
    private record Uses(int attachments, int boundaries) {}

    private static final Uses NO_USES = new Uses(0, 0);

    private static Policy view(ManagedPolicy p, Uses uses) {
        return Policy.builder()
                .policyName(p.name())
                .policyId(p.id())
                .arn(p.arn())
                .path(p.path())
                .defaultVersionId(p.defaultVersion())
                .attachmentCount(uses.attachments)
                .permissionsBoundaryUsageCount(uses.boundaries)
                .isAttachable(true)
                .description(p.description())
                .createDate(p.created())
                .updateDate(p.updated())
                .tags(Views.tags(p.tags()))
                .build();
    }

    /// The uses of all policies of the account, by ARN.
    private static Map<String, Uses> uses(Transaction tx, Caller caller) {
        Map<String, Uses> uses = new HashMap<>();
        for (Kind kind : Kind.values()) {
            for (Entity entity : IamTables.entities(tx, caller.account(), kind)) {
                entity.attached().forEach(arn -> uses.merge(arn, new Uses(1, 0), Policies::sum));
                if (entity.boundary() != null) {
                    uses.merge(entity.boundary(), new Uses(0, 1), Policies::sum);
                }
            }
        }
        return uses;
    }

    private static Uses sum(Uses one, Uses other) {
        return new Uses(one.attachments + other.attachments, one.boundaries + other.boundaries);
    }

    private static ManagedPolicy get(Transaction tx, Caller caller, String arn) {
        ManagedPolicy policy = IamTables.policy(tx, caller.account(), arn);
        if (policy == null) {
            throw new NoSuchEntityException("Policy " + arn + " was not found.");
        }
        return policy;
    }

    Policy view(String arn, Caller caller) {
        checkArn(arn);
        return store.read(
                tx -> view(get(tx, caller, arn), uses(tx, caller).getOrDefault(arn, NO_USES)));
    }

    ListPoliciesResponse list(ListPoliciesRequest in, Caller caller) {
        List<Policy> all =
                store.read(tx -> {
                    List<ManagedPolicy> found = new ArrayList<>();
                    if (!"AWS".equals(in.scope())) {
                        found.addAll(IamTables.policies(tx, caller.account()));
                    }
                    if (!"Local".equals(in.scope())) {
                        found.addAll(AwsPolicies.all());
                    }
                    Map<String, Uses> uses = uses(tx, caller);
                    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
                    return found.stream()
                            .filter(p -> p.path().startsWith(prefix))
                            .filter(p -> listed(in, uses.getOrDefault(p.arn(), NO_USES)))
                            .map(p -> view(p, uses.getOrDefault(p.arn(), NO_USES)))
                            .map(p -> p.toBuilder().description(null).tags(null).build())
                            .toList();
                });
        Pages.Page<Policy> page =
                Pages.of(all, p -> String.valueOf(p.arn()), in.marker(), in.maxItems());
        return ListPoliciesResponse.builder()
                .policies(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    private static boolean listed(ListPoliciesRequest in, Uses uses) {
        if (!Boolean.TRUE.equals(in.onlyAttached())) {
            return true;
        }
        return "PermissionsBoundary".equals(in.policyUsageFilter())
                ? uses.boundaries > 0
                : uses.attachments > 0;
    }

    void delete(String arn, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, arn);
            if (uses(tx, caller).containsKey(arn)) {
                throw new DeleteConflictException("Cannot delete a policy attached to entities.");
            }
            if (policy.versions().size() > 1) {
                throw new DeleteConflictException(
                        "This policy has more than one version. Before you delete a policy,"
                                + " you must delete the policy's versions. The default"
                                + " version is deleted with the policy.");
            }
            tx.delete(IamTables.POLICIES, new PolicyKey(caller.account(), arn));
            IamTables.changed(tx, caller.account());
        });
    }

    private static ManagedPolicy own(Transaction tx, Caller caller, String arn) {
        checkArn(arn);
        ManagedPolicy policy = tx.get(IamTables.POLICIES, new PolicyKey(caller.account(), arn));
        if (policy == null) {
            throw new NoSuchEntityException("Policy " + arn + " was not found.");
        }
        return policy;
    }

    CreatePolicyVersionResponse createVersion(CreatePolicyVersionRequest in, Caller caller) {
        check(in.policyDocument());
        Instant now = now();
        boolean inForce = Boolean.TRUE.equals(in.setAsDefault());
        ManagedPolicy changed =
                store.update(tx -> {
                    ManagedPolicy policy = own(tx, caller, in.policyArn());
                    if (policy.versions().size() >= MAX_VERSIONS) {
                        throw new LimitExceededException(
                                "A managed policy can have up to 5 versions. Before you"
                                        + " create a new version, you must delete an"
                                        + " existing version.");
                    }
                    int number = policy.lastVersion() + 1;
                    List<Version> versions = new ArrayList<>(policy.versions());
                    versions.add(new Version("v" + number, in.policyDocument(), now));
                    String active = inForce ? "v" + number : policy.defaultVersion();
                    ManagedPolicy next = policy.withVersions(versions, active, number, now);
                    IamTables.put(tx, caller.account(), next);
                    return next;
                });
        Version version = changed.versions().getLast();
        return CreatePolicyVersionResponse.builder()
                .policyVersion(
                        PolicyVersion.builder()
                                .versionId(version.id())
                                .isDefaultVersion(inForce)
                                .createDate(version.created())
                                .build())
                .build();
    }

    private static Version version(ManagedPolicy policy, String id) {
        return policy.versions().stream()
                .filter(version -> version.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new NoSuchEntityException(
                                "Policy "
                                        + policy.arn()
                                        + " version "
                                        + id
                                        + " does not exist or is not attachable."));
    }

    private static PolicyVersion view(ManagedPolicy policy, Version version, boolean document) {
        return PolicyVersion.builder()
                .document(document ? Documents.encoded(version.document()) : null)
                .versionId(version.id())
                .isDefaultVersion(version.id().equals(policy.defaultVersion()))
                .createDate(version.created())
                .build();
    }

    GetPolicyVersionResponse getVersion(GetPolicyVersionRequest in, Caller caller) {
        ManagedPolicy policy = store.read(tx -> get(tx, caller, in.policyArn()));
        return GetPolicyVersionResponse.builder()
                .policyVersion(view(policy, version(policy, in.versionId()), true))
                .build();
    }

    ListPolicyVersionsResponse listVersions(ListPolicyVersionsRequest in, Caller caller) {
        ManagedPolicy policy = store.read(tx -> get(tx, caller, in.policyArn()));
        List<PolicyVersion> all =
                policy.versions().reversed().stream()
                        .map(version -> view(policy, version, false))
                        .toList();
        Pages.Page<PolicyVersion> page =
                Pages.of(all, v -> String.valueOf(v.versionId()), in.marker(), in.maxItems());
        return ListPolicyVersionsResponse.builder()
                .versions(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    void setTags(String arn, Caller caller, UnaryOperator<Map<String, String>> change) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, arn);
            IamTables.put(tx, caller.account(), policy.withTags(change.apply(policy.tags())));
        });
    }

    Map<String, String> tags(String arn, Caller caller) {
        checkArn(arn);
        return store.read(tx -> get(tx, caller, arn)).tags();
    }

    ListEntitiesForPolicyResponse entities(ListEntitiesForPolicyRequest in, Caller caller) {
        checkArn(in.policyArn());
        List<Used> all = store.read(tx -> used(tx, in, caller));
        Pages.Page<Used> page =
                Pages.of(all, u -> u.kind.word + "/" + u.entity.name(), in.marker(), in.maxItems());
        List<PolicyRole> roles = new ArrayList<>();
        List<PolicyUser> users = new ArrayList<>();
        List<PolicyGroup> groups = new ArrayList<>();
        for (Used used : page.items()) {
            String name = used.entity.name();
            String id = used.entity.id();
            switch (used.kind) {
                case ROLE -> roles.add(PolicyRole.builder().roleName(name).roleId(id).build());
                case USER -> users.add(PolicyUser.builder().userName(name).userId(id).build());
                case GROUP -> groups.add(PolicyGroup.builder().groupName(name).groupId(id).build());
            }
        }
        return ListEntitiesForPolicyResponse.builder()
                .policyGroups(groups)
                .policyUsers(users)
                .policyRoles(roles)
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    private record Used(Kind kind, Entity entity) {}

    private static List<Used> used(Transaction tx, ListEntitiesForPolicyRequest in, Caller caller) {
        get(tx, caller, in.policyArn());
        String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
        boolean asBoundary = "PermissionsBoundary".equals(in.policyUsageFilter());
        boolean attached = "PermissionsPolicy".equals(in.policyUsageFilter());
        List<Used> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (in.entityFilter() != null && !in.entityFilter().equals(kind.capital())) {
                continue;
            }
            for (Entity entity : IamTables.entities(tx, caller.account(), kind)) {
                boolean uses =
                        (!asBoundary && entity.attached().contains(in.policyArn()))
                                || (!attached && in.policyArn().equals(entity.boundary()));
                if (uses && entity.path().startsWith(prefix)) {
                    all.add(new Used(kind, entity));
                }
            }
        }
        return all;
    }

    void deleteVersion(DeletePolicyVersionRequest in, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, in.policyArn());
            Version gone = version(policy, in.versionId());
            if (gone.id().equals(policy.defaultVersion())) {
                throw new DeleteConflictException("Cannot delete the default version of a policy.");
            }
            List<Version> rest = new ArrayList<>(policy.versions());
            rest.remove(gone);
            IamTables.put(
                    tx,
                    caller.account(),
                    policy.withVersions(
                            rest, policy.defaultVersion(), policy.lastVersion(), now()));
        });
    }

    void setDefault(SetDefaultPolicyVersionRequest in, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, in.policyArn());
            String id = version(policy, in.versionId()).id();
            IamTables.put(
                    tx,
                    caller.account(),
                    policy.withVersions(policy.versions(), id, policy.lastVersion(), now()));
        });
    }

    /// The policies as GetAccountAuthorizationDetails answers them.
    List<ManagedPolicyDetail> details(Caller caller, Set<String> filter) {
        return store.read(tx -> {
            List<ManagedPolicy> found = new ArrayList<>();
            Map<String, Uses> uses = uses(tx, caller);
            if (filter.isEmpty() || filter.contains("LocalManagedPolicy")) {
                found.addAll(IamTables.policies(tx, caller.account()));
            }
            if (filter.isEmpty() || filter.contains("AWSManagedPolicy")) {
                AwsPolicies.all().stream()
                        .filter(policy -> uses.containsKey(policy.arn()))
                        .forEach(found::add);
            }
            return found.stream().map(p -> detail(p, uses.getOrDefault(p.arn(), NO_USES))).toList();
        });
    }

    private static ManagedPolicyDetail detail(ManagedPolicy policy, Uses uses) {
        return Copies.of(view(policy, uses), ManagedPolicyDetail.builder())
                .policyVersionList(
                        policy.versions().reversed().stream()
                                .map(version -> view(policy, version, true))
                                .toList())
                .build();
    }
}
