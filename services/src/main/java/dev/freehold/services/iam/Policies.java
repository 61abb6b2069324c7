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
import dev.freehold.api.iam.ListPoliciesRequest;
import dev.freehold.api.iam.ListPoliciesResponse;
import dev.freehold.api.iam.ListPolicyVersionsRequest;
import dev.freehold.api.iam.ListPolicyVersionsResponse;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.Policy;
import dev.freehold.api.iam.PolicyVersion;
import dev.freehold.api.iam.SetDefaultPolicyVersionRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.PolicyKey;
import dev.freehold.services.iam.ManagedPolicy.Version;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Managed policies and their versions.
final class Policies {
    private static final int MAX_VERSIONS = 5;

    private final InstantSource clock;
    private final Supplier<String> ids;

    Policies(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    CreatePolicyResponse create(Store store, CreatePolicyRequest in, Caller caller) {
        Documents.checkIdentity(in.policyDocument());
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
            tx.put(IamTables.POLICIES, key, policy);
        });
        return CreatePolicyResponse.builder().policy(view(policy, 0)).build();
    }

    private static Policy view(ManagedPolicy p, int attachments) {
        return Policy.builder()
                .policyName(p.name())
                .policyId(p.id())
                .arn(p.arn())
                .path(p.path())
                .defaultVersionId(p.defaultVersion())
                .attachmentCount(attachments)
                .permissionsBoundaryUsageCount(0)
                .isAttachable(true)
                .description(p.description())
                .createDate(p.created())
                .updateDate(p.updated())
                .tags(Views.tags(p.tags()))
                .build();
    }

    private static int attachments(Transaction tx, Caller caller, String arn) {
        int count = 0;
        for (Kind kind : Kind.values()) {
            for (Entity entity : IamTables.entities(tx, caller.account(), kind)) {
                count += entity.attached().contains(arn) ? 1 : 0;
            }
        }
        return count;
    }

    private static ManagedPolicy get(Transaction tx, Caller caller, String arn) {
        ManagedPolicy policy = IamTables.policy(tx, caller.account(), arn);
        if (policy == null) {
            throw new NoSuchEntityException("Policy " + arn + " was not found.");
        }
        return policy;
    }

    Policy view(Store store, String arn, Caller caller) {
        return store.read(tx -> view(get(tx, caller, arn), attachments(tx, caller, arn)));
    }

    ListPoliciesResponse list(Store store, ListPoliciesRequest in, Caller caller) {
        List<Policy> all =
                store.read(tx -> {
                    List<ManagedPolicy> found = new ArrayList<>();
                    if (!"AWS".equals(in.scope())) {
                        found.addAll(IamTables.policies(tx, caller.account()));
                    }
                    if (!"Local".equals(in.scope())) {
                        found.addAll(AwsPolicies.all());
                    }
                    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
                    return found.stream()
                            .filter(p -> p.path().startsWith(prefix))
                            .map(p -> view(p, attachments(tx, caller, p.arn())))
                            .filter(p ->
                                    !Boolean.TRUE.equals(in.onlyAttached())
                                            || !Integer.valueOf(0).equals(p.attachmentCount()))
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

    void delete(Store store, String arn, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, arn);
            if (attachments(tx, caller, arn) > 0) {
                throw new DeleteConflictException("Cannot delete a policy attached to entities.");
            }
            if (policy.versions().size() > 1) {
                throw new DeleteConflictException(
                        "This policy has more than one version. Before you delete a policy,"
                                + " you must delete the policy's versions. The default"
                                + " version is deleted with the policy.");
            }
            tx.delete(IamTables.POLICIES, new PolicyKey(caller.account(), arn));
        });
    }

    private static ManagedPolicy own(Transaction tx, Caller caller, String arn) {
        ManagedPolicy policy = tx.get(IamTables.POLICIES, new PolicyKey(caller.account(), arn));
        if (policy == null) {
            throw new NoSuchEntityException("Policy " + arn + " was not found.");
        }
        return policy;
    }

    CreatePolicyVersionResponse createVersion(
            Store store, CreatePolicyVersionRequest in, Caller caller) {
        Documents.checkIdentity(in.policyDocument());
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
                    tx.put(IamTables.POLICIES, new PolicyKey(caller.account(), policy.arn()), next);
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

    GetPolicyVersionResponse getVersion(Store store, GetPolicyVersionRequest in, Caller caller) {
        ManagedPolicy policy = store.read(tx -> get(tx, caller, in.policyArn()));
        return GetPolicyVersionResponse.builder()
                .policyVersion(view(policy, version(policy, in.versionId()), true))
                .build();
    }

    ListPolicyVersionsResponse listVersions(
            Store store, ListPolicyVersionsRequest in, Caller caller) {
        ManagedPolicy policy = store.read(tx -> get(tx, caller, in.policyArn()));
        return ListPolicyVersionsResponse.builder()
                .versions(
                        policy.versions().reversed().stream()
                                .map(version -> view(policy, version, false))
                                .toList())
                .isTruncated(false)
                .build();
    }

    void deleteVersion(Store store, DeletePolicyVersionRequest in, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, in.policyArn());
            Version gone = version(policy, in.versionId());
            if (gone.id().equals(policy.defaultVersion())) {
                throw new DeleteConflictException("Cannot delete the default version of a policy.");
            }
            List<Version> rest = new ArrayList<>(policy.versions());
            rest.remove(gone);
            tx.put(
                    IamTables.POLICIES,
                    new PolicyKey(caller.account(), policy.arn()),
                    policy.withVersions(
                            rest, policy.defaultVersion(), policy.lastVersion(), now()));
        });
    }

    void setDefault(Store store, SetDefaultPolicyVersionRequest in, Caller caller) {
        store.updateOnly(tx -> {
            ManagedPolicy policy = own(tx, caller, in.policyArn());
            String id = version(policy, in.versionId()).id();
            tx.put(
                    IamTables.POLICIES,
                    new PolicyKey(caller.account(), policy.arn()),
                    policy.withVersions(policy.versions(), id, policy.lastVersion(), now()));
        });
    }

    void attach(Store store, Entities entities, Caller caller, Kind kind, String name, String arn) {
        store.updateOnly(tx -> {
            Entity entity = entities.get(tx, caller, kind, name);
            if (IamTables.policy(tx, caller.account(), arn) == null) {
                throw new NoSuchEntityException(
                        "Policy " + arn + " does not exist or is not attachable.");
            }
            if (!entity.attached().contains(arn)) {
                List<String> all = new ArrayList<>(entity.attached());
                all.add(arn);
                entities.put(tx, caller, kind, entity.withAttached(all));
            }
        });
    }

    void detach(Store store, Entities entities, Caller caller, Kind kind, String name, String arn) {
        store.updateOnly(tx -> {
            Entity entity = entities.get(tx, caller, kind, name);
            List<String> all = new ArrayList<>(entity.attached());
            if (!all.remove(arn)) {
                throw new NoSuchEntityException("Policy " + arn + " was not found.");
            }
            entities.put(tx, caller, kind, entity.withAttached(all));
        });
    }
}
