package dev.freehold.services.iam;

import dev.freehold.api.iam.AttachRolePolicyRequest;
import dev.freehold.api.iam.AttachRolePolicyResponse;
import dev.freehold.api.iam.AttachUserPolicyRequest;
import dev.freehold.api.iam.AttachUserPolicyResponse;
import dev.freehold.api.iam.CreateAccessKeyRequest;
import dev.freehold.api.iam.CreateAccessKeyResponse;
import dev.freehold.api.iam.CreatePolicyRequest;
import dev.freehold.api.iam.CreatePolicyResponse;
import dev.freehold.api.iam.CreatePolicyVersionRequest;
import dev.freehold.api.iam.CreatePolicyVersionResponse;
import dev.freehold.api.iam.CreateRoleRequest;
import dev.freehold.api.iam.CreateRoleResponse;
import dev.freehold.api.iam.CreateUserRequest;
import dev.freehold.api.iam.CreateUserResponse;
import dev.freehold.api.iam.DeleteAccessKeyRequest;
import dev.freehold.api.iam.DeleteAccessKeyResponse;
import dev.freehold.api.iam.DeletePolicyRequest;
import dev.freehold.api.iam.DeletePolicyResponse;
import dev.freehold.api.iam.DeletePolicyVersionRequest;
import dev.freehold.api.iam.DeletePolicyVersionResponse;
import dev.freehold.api.iam.DeleteRolePermissionsBoundaryRequest;
import dev.freehold.api.iam.DeleteRolePermissionsBoundaryResponse;
import dev.freehold.api.iam.DeleteRolePolicyRequest;
import dev.freehold.api.iam.DeleteRolePolicyResponse;
import dev.freehold.api.iam.DeleteRoleRequest;
import dev.freehold.api.iam.DeleteRoleResponse;
import dev.freehold.api.iam.DeleteUserPolicyRequest;
import dev.freehold.api.iam.DeleteUserPolicyResponse;
import dev.freehold.api.iam.DeleteUserRequest;
import dev.freehold.api.iam.DeleteUserResponse;
import dev.freehold.api.iam.DetachRolePolicyRequest;
import dev.freehold.api.iam.DetachRolePolicyResponse;
import dev.freehold.api.iam.DetachUserPolicyRequest;
import dev.freehold.api.iam.DetachUserPolicyResponse;
import dev.freehold.api.iam.GetPolicyRequest;
import dev.freehold.api.iam.GetPolicyResponse;
import dev.freehold.api.iam.GetPolicyVersionRequest;
import dev.freehold.api.iam.GetPolicyVersionResponse;
import dev.freehold.api.iam.GetRolePolicyRequest;
import dev.freehold.api.iam.GetRolePolicyResponse;
import dev.freehold.api.iam.GetRoleRequest;
import dev.freehold.api.iam.GetRoleResponse;
import dev.freehold.api.iam.GetUserPolicyRequest;
import dev.freehold.api.iam.GetUserPolicyResponse;
import dev.freehold.api.iam.GetUserRequest;
import dev.freehold.api.iam.GetUserResponse;
import dev.freehold.api.iam.IamApi;
import dev.freehold.api.iam.ListAccessKeysRequest;
import dev.freehold.api.iam.ListAccessKeysResponse;
import dev.freehold.api.iam.ListAttachedRolePoliciesRequest;
import dev.freehold.api.iam.ListAttachedRolePoliciesResponse;
import dev.freehold.api.iam.ListInstanceProfilesForRoleRequest;
import dev.freehold.api.iam.ListInstanceProfilesForRoleResponse;
import dev.freehold.api.iam.ListPoliciesRequest;
import dev.freehold.api.iam.ListPoliciesResponse;
import dev.freehold.api.iam.ListPolicyVersionsRequest;
import dev.freehold.api.iam.ListPolicyVersionsResponse;
import dev.freehold.api.iam.ListRolePoliciesRequest;
import dev.freehold.api.iam.ListRolePoliciesResponse;
import dev.freehold.api.iam.ListRoleTagsRequest;
import dev.freehold.api.iam.ListRoleTagsResponse;
import dev.freehold.api.iam.ListRolesRequest;
import dev.freehold.api.iam.ListRolesResponse;
import dev.freehold.api.iam.ListUsersRequest;
import dev.freehold.api.iam.ListUsersResponse;
import dev.freehold.api.iam.PutRolePermissionsBoundaryRequest;
import dev.freehold.api.iam.PutRolePermissionsBoundaryResponse;
import dev.freehold.api.iam.PutRolePolicyRequest;
import dev.freehold.api.iam.PutRolePolicyResponse;
import dev.freehold.api.iam.PutUserPolicyRequest;
import dev.freehold.api.iam.PutUserPolicyResponse;
import dev.freehold.api.iam.SetDefaultPolicyVersionRequest;
import dev.freehold.api.iam.SetDefaultPolicyVersionResponse;
import dev.freehold.api.iam.TagRoleRequest;
import dev.freehold.api.iam.TagRoleResponse;
import dev.freehold.api.iam.UntagRoleRequest;
import dev.freehold.api.iam.UntagRoleResponse;
import dev.freehold.api.iam.UpdateAccessKeyRequest;
import dev.freehold.api.iam.UpdateAccessKeyResponse;
import dev.freehold.api.iam.UpdateAssumeRolePolicyRequest;
import dev.freehold.api.iam.UpdateAssumeRolePolicyResponse;
import dev.freehold.api.iam.UpdateRoleRequest;
import dev.freehold.api.iam.UpdateRoleResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The front of IAM: a method per operation.
public final class IamService implements IamApi {
    private final Store store;
    private final Entities entities;
    private final Policies policies;
    private final AccessKeys keys;

    /// @param ids makes random upper-case letters and digits, at least 16
    public IamService(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.entities = new Entities(clock, ids);
        this.policies = new Policies(clock, ids);
        this.keys = new AccessKeys(clock, ids);
    }

    @Override
    public CreateRoleResponse createRole(CreateRoleRequest in, Caller caller) {
        Documents.checkTrust(in.assumeRolePolicyDocument());
        Entity role =
                store.update(tx -> {
                    Entity created =
                            entities.create(
                                    tx, caller, Kind.ROLE, in.roleName(), in.path(), in.tags());
                    Entity full =
                            created.withTrust(in.assumeRolePolicyDocument())
                                    .withDescription(
                                            in.description(),
                                            in.maxSessionDuration() == null
                                                    ? 3600
                                                    : in.maxSessionDuration())
                                    .withBoundary(in.permissionsBoundary());
                    return entities.put(tx, caller, Kind.ROLE, full);
                });
        return CreateRoleResponse.builder().role(Views.role(role, caller)).build();
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest in, Caller caller) {
        Entity role = store.read(tx -> entities.get(tx, caller, Kind.ROLE, in.roleName()));
        return GetRoleResponse.builder().role(Views.role(role, caller)).build();
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest in, Caller caller) {
        List<Entity> all = store.read(tx -> entities.list(tx, caller, Kind.ROLE, in.pathPrefix()));
        Pages.Page<Entity> page = Pages.of(all, Entity::name, in.marker(), in.maxItems());
        return ListRolesResponse.builder()
                .roles(page.items().stream().map(e -> Views.role(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest in, Caller caller) {
        entities.change(
                store,
                caller,
                Kind.ROLE,
                in.roleName(),
                role ->
                        role.withDescription(
                                in.description() == null ? role.description() : in.description(),
                                in.maxSessionDuration() == null
                                        ? role.maxSession()
                                        : in.maxSessionDuration()));
        return UpdateRoleResponse.builder().build();
    }

    @Override
    public UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(
            UpdateAssumeRolePolicyRequest in, Caller caller) {
        Documents.checkTrust(in.policyDocument());
        entities.change(
                store,
                caller,
                Kind.ROLE,
                in.roleName(),
                role -> role.withTrust(in.policyDocument()));
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    @Override
    public DeleteRoleResponse deleteRole(DeleteRoleRequest in, Caller caller) {
        store.updateOnly(tx -> entities.delete(tx, caller, Kind.ROLE, in.roleName()));
        return DeleteRoleResponse.builder().build();
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(
            PutRolePermissionsBoundaryRequest in, Caller caller) {
        entities.change(
                store,
                caller,
                Kind.ROLE,
                in.roleName(),
                r -> r.withBoundary(in.permissionsBoundary()));
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(
            DeleteRolePermissionsBoundaryRequest in, Caller caller) {
        entities.change(store, caller, Kind.ROLE, in.roleName(), role -> role.withBoundary(null));
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest in, Caller caller) {
        entities.putInline(
                store, caller, Kind.ROLE, in.roleName(), in.policyName(), in.policyDocument());
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest in, Caller caller) {
        String document = entities.inline(store, caller, Kind.ROLE, in.roleName(), in.policyName());
        return GetRolePolicyResponse.builder()
                .roleName(in.roleName())
                .policyName(in.policyName())
                .policyDocument(Documents.encoded(document))
                .build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest in, Caller caller) {
        entities.deleteInline(store, caller, Kind.ROLE, in.roleName(), in.policyName());
        return DeleteRolePolicyResponse.builder().build();
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest in, Caller caller) {
        Entity role = store.read(tx -> entities.get(tx, caller, Kind.ROLE, in.roleName()));
        Pages.Page<String> page =
                Pages.of(
                        role.inline().keySet().stream().sorted().toList(),
                        name -> name,
                        in.marker(),
                        in.maxItems());
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest in, Caller caller) {
        policies.attach(store, entities, caller, Kind.ROLE, in.roleName(), in.policyArn());
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest in, Caller caller) {
        policies.detach(store, entities, caller, Kind.ROLE, in.roleName(), in.policyArn());
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(
            ListAttachedRolePoliciesRequest in, Caller caller) {
        Entity role = store.read(tx -> entities.get(tx, caller, Kind.ROLE, in.roleName()));
        Pages.Page<String> page = Pages.of(role.attached(), arn -> arn, in.marker(), in.maxItems());
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items().stream().map(Views::attached).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest in, Caller caller) {
        entities.change(
                store,
                caller,
                Kind.ROLE,
                in.roleName(),
                role -> role.withTags(Views.merged(role.tags(), in.tags())));
        return TagRoleResponse.builder().build();
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest in, Caller caller) {
        entities.change(
                store,
                caller,
                Kind.ROLE,
                in.roleName(),
                role -> role.withTags(Views.without(role.tags(), in.tagKeys())));
        return UntagRoleResponse.builder().build();
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest in, Caller caller) {
        Entity role = store.read(tx -> entities.get(tx, caller, Kind.ROLE, in.roleName()));
        return ListRoleTagsResponse.builder()
                .tags(Views.tags(role.tags()))
                .isTruncated(false)
                .build();
    }

    @Override
    public ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(
            ListInstanceProfilesForRoleRequest in, Caller caller) {
        store.read(tx -> entities.get(tx, caller, Kind.ROLE, in.roleName()));
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(List.of())
                .isTruncated(false)
                .build();
    }

    @Override
    public CreatePolicyResponse createPolicy(CreatePolicyRequest in, Caller caller) {
        return policies.create(store, in, caller);
    }

    @Override
    public GetPolicyResponse getPolicy(GetPolicyRequest in, Caller caller) {
        return GetPolicyResponse.builder()
                .policy(policies.view(store, in.policyArn(), caller))
                .build();
    }

    @Override
    public ListPoliciesResponse listPolicies(ListPoliciesRequest in, Caller caller) {
        return policies.list(store, in, caller);
    }

    @Override
    public DeletePolicyResponse deletePolicy(DeletePolicyRequest in, Caller caller) {
        policies.delete(store, in.policyArn(), caller);
        return DeletePolicyResponse.builder().build();
    }

    @Override
    public CreatePolicyVersionResponse createPolicyVersion(
            CreatePolicyVersionRequest in, Caller caller) {
        return policies.createVersion(store, in, caller);
    }

    @Override
    public GetPolicyVersionResponse getPolicyVersion(GetPolicyVersionRequest in, Caller caller) {
        return policies.getVersion(store, in, caller);
    }

    @Override
    public ListPolicyVersionsResponse listPolicyVersions(
            ListPolicyVersionsRequest in, Caller caller) {
        return policies.listVersions(store, in, caller);
    }

    @Override
    public DeletePolicyVersionResponse deletePolicyVersion(
            DeletePolicyVersionRequest in, Caller caller) {
        policies.deleteVersion(store, in, caller);
        return DeletePolicyVersionResponse.builder().build();
    }

    @Override
    public SetDefaultPolicyVersionResponse setDefaultPolicyVersion(
            SetDefaultPolicyVersionRequest in, Caller caller) {
        policies.setDefault(store, in, caller);
        return SetDefaultPolicyVersionResponse.builder().build();
    }

    @Override
    public CreateUserResponse createUser(CreateUserRequest in, Caller caller) {
        Entity user =
                store.update(tx ->
                        entities.put(
                                tx,
                                caller,
                                Kind.USER,
                                entities.create(
                                                tx,
                                                caller,
                                                Kind.USER,
                                                in.userName(),
                                                in.path(),
                                                in.tags())
                                        .withBoundary(in.permissionsBoundary())));
        return CreateUserResponse.builder().user(Views.user(user, caller)).build();
    }

    @Override
    public GetUserResponse getUser(GetUserRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        Entity user = store.read(tx -> entities.get(tx, caller, Kind.USER, name));
        return GetUserResponse.builder().user(Views.user(user, caller)).build();
    }

    @Override
    public ListUsersResponse listUsers(ListUsersRequest in, Caller caller) {
        List<Entity> all = store.read(tx -> entities.list(tx, caller, Kind.USER, in.pathPrefix()));
        Pages.Page<Entity> page = Pages.of(all, Entity::name, in.marker(), in.maxItems());
        return ListUsersResponse.builder()
                .users(page.items().stream().map(e -> Views.user(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    public DeleteUserResponse deleteUser(DeleteUserRequest in, Caller caller) {
        store.updateOnly(tx -> {
            keys.refuseIfAny(tx, caller, in.userName());
            entities.delete(tx, caller, Kind.USER, in.userName());
        });
        return DeleteUserResponse.builder().build();
    }

    @Override
    public PutUserPolicyResponse putUserPolicy(PutUserPolicyRequest in, Caller caller) {
        entities.putInline(
                store, caller, Kind.USER, in.userName(), in.policyName(), in.policyDocument());
        return PutUserPolicyResponse.builder().build();
    }

    @Override
    public GetUserPolicyResponse getUserPolicy(GetUserPolicyRequest in, Caller caller) {
        String document = entities.inline(store, caller, Kind.USER, in.userName(), in.policyName());
        return GetUserPolicyResponse.builder()
                .userName(in.userName())
                .policyName(in.policyName())
                .policyDocument(Documents.encoded(document))
                .build();
    }

    @Override
    public DeleteUserPolicyResponse deleteUserPolicy(DeleteUserPolicyRequest in, Caller caller) {
        entities.deleteInline(store, caller, Kind.USER, in.userName(), in.policyName());
        return DeleteUserPolicyResponse.builder().build();
    }

    @Override
    public AttachUserPolicyResponse attachUserPolicy(AttachUserPolicyRequest in, Caller caller) {
        policies.attach(store, entities, caller, Kind.USER, in.userName(), in.policyArn());
        return AttachUserPolicyResponse.builder().build();
    }

    @Override
    public DetachUserPolicyResponse detachUserPolicy(DetachUserPolicyRequest in, Caller caller) {
        policies.detach(store, entities, caller, Kind.USER, in.userName(), in.policyArn());
        return DetachUserPolicyResponse.builder().build();
    }

    @Override
    public CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        return CreateAccessKeyResponse.builder()
                .accessKey(
                        store.update(tx -> {
                            Entity user = entities.get(tx, caller, Kind.USER, name);
                            return keys.create(tx, caller, user.name());
                        }))
                .build();
    }

    @Override
    public ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        return ListAccessKeysResponse.builder()
                .accessKeyMetadata(
                        store.read(tx -> {
                            entities.get(tx, caller, Kind.USER, name);
                            return keys.list(tx, caller, name);
                        }))
                .isTruncated(false)
                .build();
    }

    @Override
    public UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest in, Caller caller) {
        store.updateOnly(tx -> keys.setActive(tx, caller, in.accessKeyId(), in.status()));
        return UpdateAccessKeyResponse.builder().build();
    }

    @Override
    public DeleteAccessKeyResponse deleteAccessKey(DeleteAccessKeyRequest in, Caller caller) {
        store.updateOnly(tx -> keys.delete(tx, caller, in.accessKeyId()));
        return DeleteAccessKeyResponse.builder().build();
    }
}
