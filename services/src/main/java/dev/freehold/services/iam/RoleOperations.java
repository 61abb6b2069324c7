package dev.freehold.services.iam;

import dev.freehold.api.iam.AddRoleToInstanceProfileRequest;
import dev.freehold.api.iam.AddRoleToInstanceProfileResponse;
import dev.freehold.api.iam.AttachRolePolicyRequest;
import dev.freehold.api.iam.AttachRolePolicyResponse;
import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.CreateInstanceProfileRequest;
import dev.freehold.api.iam.CreateInstanceProfileResponse;
import dev.freehold.api.iam.CreateRoleRequest;
import dev.freehold.api.iam.CreateRoleResponse;
import dev.freehold.api.iam.CreateServiceLinkedRoleRequest;
import dev.freehold.api.iam.CreateServiceLinkedRoleResponse;
import dev.freehold.api.iam.DeleteInstanceProfileRequest;
import dev.freehold.api.iam.DeleteInstanceProfileResponse;
import dev.freehold.api.iam.DeleteRolePermissionsBoundaryRequest;
import dev.freehold.api.iam.DeleteRolePermissionsBoundaryResponse;
import dev.freehold.api.iam.DeleteRolePolicyRequest;
import dev.freehold.api.iam.DeleteRolePolicyResponse;
import dev.freehold.api.iam.DeleteRoleRequest;
import dev.freehold.api.iam.DeleteRoleResponse;
import dev.freehold.api.iam.DeleteServiceLinkedRoleRequest;
import dev.freehold.api.iam.DeleteServiceLinkedRoleResponse;
import dev.freehold.api.iam.DetachRolePolicyRequest;
import dev.freehold.api.iam.DetachRolePolicyResponse;
import dev.freehold.api.iam.GetInstanceProfileRequest;
import dev.freehold.api.iam.GetInstanceProfileResponse;
import dev.freehold.api.iam.GetRolePolicyRequest;
import dev.freehold.api.iam.GetRolePolicyResponse;
import dev.freehold.api.iam.GetRoleRequest;
import dev.freehold.api.iam.GetRoleResponse;
import dev.freehold.api.iam.GetServiceLinkedRoleDeletionStatusRequest;
import dev.freehold.api.iam.GetServiceLinkedRoleDeletionStatusResponse;
import dev.freehold.api.iam.IamApi;
import dev.freehold.api.iam.InstanceProfile;
import dev.freehold.api.iam.ListAttachedRolePoliciesRequest;
import dev.freehold.api.iam.ListAttachedRolePoliciesResponse;
import dev.freehold.api.iam.ListInstanceProfileTagsRequest;
import dev.freehold.api.iam.ListInstanceProfileTagsResponse;
import dev.freehold.api.iam.ListInstanceProfilesForRoleRequest;
import dev.freehold.api.iam.ListInstanceProfilesForRoleResponse;
import dev.freehold.api.iam.ListInstanceProfilesRequest;
import dev.freehold.api.iam.ListInstanceProfilesResponse;
import dev.freehold.api.iam.ListRolePoliciesRequest;
import dev.freehold.api.iam.ListRolePoliciesResponse;
import dev.freehold.api.iam.ListRoleTagsRequest;
import dev.freehold.api.iam.ListRoleTagsResponse;
import dev.freehold.api.iam.ListRolesRequest;
import dev.freehold.api.iam.ListRolesResponse;
import dev.freehold.api.iam.PutRolePermissionsBoundaryRequest;
import dev.freehold.api.iam.PutRolePermissionsBoundaryResponse;
import dev.freehold.api.iam.PutRolePolicyRequest;
import dev.freehold.api.iam.PutRolePolicyResponse;
import dev.freehold.api.iam.RemoveRoleFromInstanceProfileRequest;
import dev.freehold.api.iam.RemoveRoleFromInstanceProfileResponse;
import dev.freehold.api.iam.Tag;
import dev.freehold.api.iam.TagInstanceProfileRequest;
import dev.freehold.api.iam.TagInstanceProfileResponse;
import dev.freehold.api.iam.TagRoleRequest;
import dev.freehold.api.iam.TagRoleResponse;
import dev.freehold.api.iam.UntagInstanceProfileRequest;
import dev.freehold.api.iam.UntagInstanceProfileResponse;
import dev.freehold.api.iam.UntagRoleRequest;
import dev.freehold.api.iam.UntagRoleResponse;
import dev.freehold.api.iam.UpdateAssumeRolePolicyRequest;
import dev.freehold.api.iam.UpdateAssumeRolePolicyResponse;
import dev.freehold.api.iam.UpdateRoleDescriptionRequest;
import dev.freehold.api.iam.UpdateRoleDescriptionResponse;
import dev.freehold.api.iam.UpdateRoleRequest;
import dev.freehold.api.iam.UpdateRoleResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamService.Parts;
import dev.freehold.services.iam.Pages.Page;
import java.util.List;
import java.util.Map;

/// The operations on roles and on the instance profiles that hold them.
interface RoleOperations extends IamApi {
    Parts parts();

    @Override
    default CreateRoleResponse createRole(CreateRoleRequest in, Caller caller) {
        Parts iam = parts();
        int session = in.maxSessionDuration() == null ? 3600 : in.maxSessionDuration();
        Map<String, String> tags = Views.merged(Map.of(), in.tags());
        Entity role =
                iam.store()
                        .update(tx -> {
                            Entity created =
                                    iam.entities()
                                            .create(tx, caller, Kind.ROLE, in.roleName(), in.path())
                                            .withTags(tags)
                                            .withDescription(in.description(), session);
                            Entity trusting =
                                    iam.entities()
                                            .withTrust(created, in.assumeRolePolicyDocument());
                            Entity full =
                                    iam.entities()
                                            .bounded(
                                                    tx, caller, trusting, in.permissionsBoundary());
                            return iam.entities().put(tx, caller, Kind.ROLE, full);
                        });
        return CreateRoleResponse.builder().role(Views.created(role, caller)).build();
    }

    @Override
    default GetRoleResponse getRole(GetRoleRequest in, Caller caller) {
        Entity role = parts().entities().get(caller, Kind.ROLE, in.roleName());
        return GetRoleResponse.builder().role(Views.role(role, caller)).build();
    }

    @Override
    default ListRolesResponse listRoles(ListRolesRequest in, Caller caller) {
        List<Entity> all = parts().entities().list(caller, Kind.ROLE, in.pathPrefix());
        Page<Entity> page = Pages.of(all, Entity::name, in.marker(), in.maxItems());
        return ListRolesResponse.builder()
                .roles(page.items().stream().map(e -> Views.listed(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default UpdateRoleResponse updateRole(UpdateRoleRequest in, Caller caller) {
        parts().entities()
                .change(
                        caller,
                        Kind.ROLE,
                        in.roleName(),
                        role ->
                                role.withDescription(
                                        in.description() == null
                                                ? role.description()
                                                : in.description(),
                                        in.maxSessionDuration() == null
                                                ? role.maxSession()
                                                : in.maxSessionDuration()));
        return UpdateRoleResponse.builder().build();
    }

    @Override
    default UpdateRoleDescriptionResponse updateRoleDescription(
            UpdateRoleDescriptionRequest in, Caller caller) {
        Entities entities = parts().entities();
        entities.change(
                caller,
                Kind.ROLE,
                in.roleName(),
                role -> role.withDescription(in.description(), role.maxSession()));
        Entity role = entities.get(caller, Kind.ROLE, in.roleName());
        return UpdateRoleDescriptionResponse.builder().role(Views.role(role, caller)).build();
    }

    @Override
    default UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(
            UpdateAssumeRolePolicyRequest in, Caller caller) {
        Entities entities = parts().entities();
        entities.change(
                caller,
                Kind.ROLE,
                in.roleName(),
                role -> entities.withTrust(role, in.policyDocument()));
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    @Override
    default DeleteRoleResponse deleteRole(DeleteRoleRequest in, Caller caller) {
        Parts iam = parts();
        iam.store()
                .updateOnly(tx -> {
                    iam.profiles().refuseIfIn(tx, caller, in.roleName());
                    iam.entities().delete(tx, caller, Kind.ROLE, in.roleName());
                });
        return DeleteRoleResponse.builder().build();
    }

    @Override
    default PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(
            PutRolePermissionsBoundaryRequest in, Caller caller) {
        parts().entities().setBoundary(caller, Kind.ROLE, in.roleName(), in.permissionsBoundary());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    default DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(
            DeleteRolePermissionsBoundaryRequest in, Caller caller) {
        parts().entities().setBoundary(caller, Kind.ROLE, in.roleName(), null);
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    default PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest in, Caller caller) {
        parts().entities()
                .putInline(caller, Kind.ROLE, in.roleName(), in.policyName(), in.policyDocument());
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    default GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest in, Caller caller) {
        String document =
                parts().entities().inline(caller, Kind.ROLE, in.roleName(), in.policyName());
        return GetRolePolicyResponse.builder()
                .roleName(in.roleName())
                .policyName(in.policyName())
                .policyDocument(Documents.encoded(document))
                .build();
    }

    @Override
    default DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest in, Caller caller) {
        parts().entities().deleteInline(caller, Kind.ROLE, in.roleName(), in.policyName());
        return DeleteRolePolicyResponse.builder().build();
    }

    @Override
    default ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest in, Caller caller) {
        Page<String> page =
                parts().entities()
                        .inlineNames(caller, Kind.ROLE, in.roleName(), in.marker(), in.maxItems());
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest in, Caller caller) {
        parts().entities().attach(caller, Kind.ROLE, in.roleName(), in.policyArn());
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    default DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest in, Caller caller) {
        parts().entities().detach(caller, Kind.ROLE, in.roleName(), in.policyArn());
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    default ListAttachedRolePoliciesResponse listAttachedRolePolicies(
            ListAttachedRolePoliciesRequest in, Caller caller) {
        Entities entities = parts().entities();
        Entity role = entities.get(caller, Kind.ROLE, in.roleName());
        Page<AttachedPolicy> page =
                entities.attached(role, in.pathPrefix(), in.marker(), in.maxItems());
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default TagRoleResponse tagRole(TagRoleRequest in, Caller caller) {
        parts().entities()
                .change(
                        caller,
                        Kind.ROLE,
                        in.roleName(),
                        role -> role.withTags(Views.merged(role.tags(), in.tags())));
        return TagRoleResponse.builder().build();
    }

    @Override
    default UntagRoleResponse untagRole(UntagRoleRequest in, Caller caller) {
        parts().entities()
                .change(
                        caller,
                        Kind.ROLE,
                        in.roleName(),
                        role -> role.withTags(Views.without(role.tags(), in.tagKeys())));
        return UntagRoleResponse.builder().build();
    }

    @Override
    default ListRoleTagsResponse listRoleTags(ListRoleTagsRequest in, Caller caller) {
        Entity role = parts().entities().get(caller, Kind.ROLE, in.roleName());
        Page<Tag> page = Views.tagPage(role.tags(), in.marker(), in.maxItems());
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default CreateServiceLinkedRoleResponse createServiceLinkedRole(
            CreateServiceLinkedRoleRequest in, Caller caller) {
        Entity role = parts().serviceLinked().create(in, caller);
        return CreateServiceLinkedRoleResponse.builder().role(Views.created(role, caller)).build();
    }

    @Override
    default DeleteServiceLinkedRoleResponse deleteServiceLinkedRole(
            DeleteServiceLinkedRoleRequest in, Caller caller) {
        return DeleteServiceLinkedRoleResponse.builder()
                .deletionTaskId(parts().serviceLinked().delete(in.roleName(), caller))
                .build();
    }

    @Override
    default GetServiceLinkedRoleDeletionStatusResponse getServiceLinkedRoleDeletionStatus(
            GetServiceLinkedRoleDeletionStatusRequest in, Caller caller) {
        parts().serviceLinked().requireDeletion(in.deletionTaskId(), caller);
        return GetServiceLinkedRoleDeletionStatusResponse.builder().status("SUCCEEDED").build();
    }

    @Override
    default CreateInstanceProfileResponse createInstanceProfile(
            CreateInstanceProfileRequest in, Caller caller) {
        InstanceProfile made = parts().profiles().create(in, caller);
        return CreateInstanceProfileResponse.builder().instanceProfile(made).build();
    }

    @Override
    default GetInstanceProfileResponse getInstanceProfile(
            GetInstanceProfileRequest in, Caller caller) {
        InstanceProfile found = parts().profiles().view(caller, in.instanceProfileName());
        return GetInstanceProfileResponse.builder().instanceProfile(found).build();
    }

    @Override
    default DeleteInstanceProfileResponse deleteInstanceProfile(
            DeleteInstanceProfileRequest in, Caller caller) {
        parts().profiles().delete(caller, in.instanceProfileName());
        return DeleteInstanceProfileResponse.builder().build();
    }

    @Override
    default AddRoleToInstanceProfileResponse addRoleToInstanceProfile(
            AddRoleToInstanceProfileRequest in, Caller caller) {
        parts().profiles().addRole(caller, in.instanceProfileName(), in.roleName());
        return AddRoleToInstanceProfileResponse.builder().build();
    }

    @Override
    default RemoveRoleFromInstanceProfileResponse removeRoleFromInstanceProfile(
            RemoveRoleFromInstanceProfileRequest in, Caller caller) {
        parts().profiles().removeRole(caller, in.instanceProfileName(), in.roleName());
        return RemoveRoleFromInstanceProfileResponse.builder().build();
    }

    @Override
    default ListInstanceProfilesResponse listInstanceProfiles(
            ListInstanceProfilesRequest in, Caller caller) {
        List<InstanceProfile> all = parts().profiles().list(caller, in.pathPrefix(), null);
        Page<InstanceProfile> page =
                Pages.of(all, InstanceProfile::instanceProfileName, in.marker(), in.maxItems());
        return ListInstanceProfilesResponse.builder()
                .instanceProfiles(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(
            ListInstanceProfilesForRoleRequest in, Caller caller) {
        List<InstanceProfile> all = parts().profiles().list(caller, null, in.roleName());
        Page<InstanceProfile> page =
                Pages.of(all, InstanceProfile::instanceProfileName, in.marker(), in.maxItems());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default TagInstanceProfileResponse tagInstanceProfile(
            TagInstanceProfileRequest in, Caller caller) {
        parts().profiles()
                .change(
                        caller,
                        in.instanceProfileName(),
                        profile -> profile.withTags(Views.merged(profile.tags(), in.tags())));
        return TagInstanceProfileResponse.builder().build();
    }

    @Override
    default UntagInstanceProfileResponse untagInstanceProfile(
            UntagInstanceProfileRequest in, Caller caller) {
        parts().profiles()
                .change(
                        caller,
                        in.instanceProfileName(),
                        profile -> profile.withTags(Views.without(profile.tags(), in.tagKeys())));
        return UntagInstanceProfileResponse.builder().build();
    }

    @Override
    default ListInstanceProfileTagsResponse listInstanceProfileTags(
            ListInstanceProfileTagsRequest in, Caller caller) {
        Map<String, String> tags = parts().profiles().tags(caller, in.instanceProfileName());
        Page<Tag> page = Views.tagPage(tags, in.marker(), in.maxItems());
        return ListInstanceProfileTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }
}
