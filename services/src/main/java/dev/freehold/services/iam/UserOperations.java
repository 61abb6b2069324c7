package dev.freehold.services.iam;

import dev.freehold.api.iam.AddUserToGroupRequest;
import dev.freehold.api.iam.AddUserToGroupResponse;
import dev.freehold.api.iam.AttachGroupPolicyRequest;
import dev.freehold.api.iam.AttachGroupPolicyResponse;
import dev.freehold.api.iam.AttachUserPolicyRequest;
import dev.freehold.api.iam.AttachUserPolicyResponse;
import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.CreateGroupRequest;
import dev.freehold.api.iam.CreateGroupResponse;
import dev.freehold.api.iam.CreateUserRequest;
import dev.freehold.api.iam.CreateUserResponse;
import dev.freehold.api.iam.DeleteGroupPolicyRequest;
import dev.freehold.api.iam.DeleteGroupPolicyResponse;
import dev.freehold.api.iam.DeleteGroupRequest;
import dev.freehold.api.iam.DeleteGroupResponse;
import dev.freehold.api.iam.DeleteUserPermissionsBoundaryRequest;
import dev.freehold.api.iam.DeleteUserPermissionsBoundaryResponse;
import dev.freehold.api.iam.DeleteUserPolicyRequest;
import dev.freehold.api.iam.DeleteUserPolicyResponse;
import dev.freehold.api.iam.DeleteUserRequest;
import dev.freehold.api.iam.DeleteUserResponse;
import dev.freehold.api.iam.DetachGroupPolicyRequest;
import dev.freehold.api.iam.DetachGroupPolicyResponse;
import dev.freehold.api.iam.DetachUserPolicyRequest;
import dev.freehold.api.iam.DetachUserPolicyResponse;
import dev.freehold.api.iam.GetGroupPolicyRequest;
import dev.freehold.api.iam.GetGroupPolicyResponse;
import dev.freehold.api.iam.GetGroupRequest;
import dev.freehold.api.iam.GetGroupResponse;
import dev.freehold.api.iam.GetUserPolicyRequest;
import dev.freehold.api.iam.GetUserPolicyResponse;
import dev.freehold.api.iam.GetUserRequest;
import dev.freehold.api.iam.GetUserResponse;
import dev.freehold.api.iam.IamApi;
import dev.freehold.api.iam.ListAttachedGroupPoliciesRequest;
import dev.freehold.api.iam.ListAttachedGroupPoliciesResponse;
import dev.freehold.api.iam.ListAttachedUserPoliciesRequest;
import dev.freehold.api.iam.ListAttachedUserPoliciesResponse;
import dev.freehold.api.iam.ListGroupPoliciesRequest;
import dev.freehold.api.iam.ListGroupPoliciesResponse;
import dev.freehold.api.iam.ListGroupsForUserRequest;
import dev.freehold.api.iam.ListGroupsForUserResponse;
import dev.freehold.api.iam.ListGroupsRequest;
import dev.freehold.api.iam.ListGroupsResponse;
import dev.freehold.api.iam.ListUserPoliciesRequest;
import dev.freehold.api.iam.ListUserPoliciesResponse;
import dev.freehold.api.iam.ListUserTagsRequest;
import dev.freehold.api.iam.ListUserTagsResponse;
import dev.freehold.api.iam.ListUsersRequest;
import dev.freehold.api.iam.ListUsersResponse;
import dev.freehold.api.iam.PutGroupPolicyRequest;
import dev.freehold.api.iam.PutGroupPolicyResponse;
import dev.freehold.api.iam.PutUserPermissionsBoundaryRequest;
import dev.freehold.api.iam.PutUserPermissionsBoundaryResponse;
import dev.freehold.api.iam.PutUserPolicyRequest;
import dev.freehold.api.iam.PutUserPolicyResponse;
import dev.freehold.api.iam.RemoveUserFromGroupRequest;
import dev.freehold.api.iam.RemoveUserFromGroupResponse;
import dev.freehold.api.iam.Tag;
import dev.freehold.api.iam.TagUserRequest;
import dev.freehold.api.iam.TagUserResponse;
import dev.freehold.api.iam.UntagUserRequest;
import dev.freehold.api.iam.UntagUserResponse;
import dev.freehold.api.iam.UpdateGroupRequest;
import dev.freehold.api.iam.UpdateGroupResponse;
import dev.freehold.api.iam.UpdateUserRequest;
import dev.freehold.api.iam.UpdateUserResponse;
import dev.freehold.api.iam.User;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamService.Parts;
import dev.freehold.services.iam.Pages.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The operations on users and on the groups that they are in.
interface UserOperations extends IamApi {
    Parts parts();

    @Override
    default CreateUserResponse createUser(CreateUserRequest in, Caller caller) {
        Parts iam = parts();
        Map<String, String> tags = Views.merged(Map.of(), in.tags());
        Entity user =
                iam.store()
                        .update(tx -> {
                            Entity made =
                                    iam.entities()
                                            .create(tx, caller, Kind.USER, in.userName(), in.path())
                                            .withTags(tags);
                            Entity full =
                                    iam.entities()
                                            .bounded(tx, caller, made, in.permissionsBoundary());
                            return iam.entities().put(tx, caller, Kind.USER, full);
                        });
        return CreateUserResponse.builder().user(Views.user(user, caller)).build();
    }

    @Override
    default GetUserResponse getUser(GetUserRequest in, Caller caller) {
        if (in.userName() == null && caller.principal() instanceof Principal.Root root) {
            return GetUserResponse.builder()
                    .user(
                            User.builder()
                                    .path("/")
                                    .userId(root.id())
                                    .arn(root.arn())
                                    .createDate(Instant.EPOCH)
                                    .build())
                    .build();
        }
        String name = Views.userName(in.userName(), caller);
        Entity user = parts().entities().get(caller, Kind.USER, name);
        return GetUserResponse.builder().user(Views.user(user, caller)).build();
    }

    @Override
    default ListUsersResponse listUsers(ListUsersRequest in, Caller caller) {
        List<Entity> all = parts().entities().list(caller, Kind.USER, in.pathPrefix());
        Page<Entity> page = Pages.of(all, Entity::name, in.marker(), in.maxItems());
        return ListUsersResponse.builder()
                .users(page.items().stream().map(e -> Views.listedUser(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default UpdateUserResponse updateUser(UpdateUserRequest in, Caller caller) {
        Parts iam = parts();
        iam.store()
                .updateOnly(tx -> {
                    iam.entities()
                            .rename(
                                    tx,
                                    caller,
                                    Kind.USER,
                                    in.userName(),
                                    in.newUserName(),
                                    in.newPath());
                    if (in.newUserName() != null) {
                        iam.keys().rename(tx, caller, in.userName(), in.newUserName());
                        iam.serviceCredentials()
                                .rename(tx, caller, in.userName(), in.newUserName());
                    }
                });
        return UpdateUserResponse.builder().build();
    }

    @Override
    default DeleteUserResponse deleteUser(DeleteUserRequest in, Caller caller) {
        Parts iam = parts();
        iam.store()
                .updateOnly(tx -> {
                    iam.keys().refuseIfAny(tx, caller, in.userName());
                    iam.serviceCredentials().refuseIfAny(tx, caller, in.userName());
                    iam.entities().delete(tx, caller, Kind.USER, in.userName());
                });
        return DeleteUserResponse.builder().build();
    }

    @Override
    default PutUserPolicyResponse putUserPolicy(PutUserPolicyRequest in, Caller caller) {
        parts().entities()
                .putInline(caller, Kind.USER, in.userName(), in.policyName(), in.policyDocument());
        return PutUserPolicyResponse.builder().build();
    }

    @Override
    default GetUserPolicyResponse getUserPolicy(GetUserPolicyRequest in, Caller caller) {
        String document =
                parts().entities().inline(caller, Kind.USER, in.userName(), in.policyName());
        return GetUserPolicyResponse.builder()
                .userName(in.userName())
                .policyName(in.policyName())
                .policyDocument(Documents.encoded(document))
                .build();
    }

    @Override
    default DeleteUserPolicyResponse deleteUserPolicy(DeleteUserPolicyRequest in, Caller caller) {
        parts().entities().deleteInline(caller, Kind.USER, in.userName(), in.policyName());
        return DeleteUserPolicyResponse.builder().build();
    }

    @Override
    default ListUserPoliciesResponse listUserPolicies(ListUserPoliciesRequest in, Caller caller) {
        Page<String> page =
                parts().entities()
                        .inlineNames(caller, Kind.USER, in.userName(), in.marker(), in.maxItems());
        return ListUserPoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default AttachUserPolicyResponse attachUserPolicy(AttachUserPolicyRequest in, Caller caller) {
        parts().entities().attach(caller, Kind.USER, in.userName(), in.policyArn());
        return AttachUserPolicyResponse.builder().build();
    }

    @Override
    default DetachUserPolicyResponse detachUserPolicy(DetachUserPolicyRequest in, Caller caller) {
        parts().entities().detach(caller, Kind.USER, in.userName(), in.policyArn());
        return DetachUserPolicyResponse.builder().build();
    }

    @Override
    default ListAttachedUserPoliciesResponse listAttachedUserPolicies(
            ListAttachedUserPoliciesRequest in, Caller caller) {
        Entities entities = parts().entities();
        Entity entity = entities.get(caller, Kind.USER, in.userName());
        Page<AttachedPolicy> page =
                entities.attached(entity, in.pathPrefix(), in.marker(), in.maxItems());
        return ListAttachedUserPoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default PutUserPermissionsBoundaryResponse putUserPermissionsBoundary(
            PutUserPermissionsBoundaryRequest in, Caller caller) {
        parts().entities().setBoundary(caller, Kind.USER, in.userName(), in.permissionsBoundary());
        return PutUserPermissionsBoundaryResponse.builder().build();
    }

    @Override
    default DeleteUserPermissionsBoundaryResponse deleteUserPermissionsBoundary(
            DeleteUserPermissionsBoundaryRequest in, Caller caller) {
        parts().entities().setBoundary(caller, Kind.USER, in.userName(), null);
        return DeleteUserPermissionsBoundaryResponse.builder().build();
    }

    @Override
    default TagUserResponse tagUser(TagUserRequest in, Caller caller) {
        parts().entities()
                .change(
                        caller,
                        Kind.USER,
                        in.userName(),
                        user -> user.withTags(Views.merged(user.tags(), in.tags())));
        return TagUserResponse.builder().build();
    }

    @Override
    default UntagUserResponse untagUser(UntagUserRequest in, Caller caller) {
        parts().entities()
                .change(
                        caller,
                        Kind.USER,
                        in.userName(),
                        user -> user.withTags(Views.without(user.tags(), in.tagKeys())));
        return UntagUserResponse.builder().build();
    }

    @Override
    default ListUserTagsResponse listUserTags(ListUserTagsRequest in, Caller caller) {
        Entity user = parts().entities().get(caller, Kind.USER, in.userName());
        Page<Tag> page = Views.tagPage(user.tags(), in.marker(), in.maxItems());
        return ListUserTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default PutGroupPolicyResponse putGroupPolicy(PutGroupPolicyRequest in, Caller caller) {
        parts().entities()
                .putInline(
                        caller, Kind.GROUP, in.groupName(), in.policyName(), in.policyDocument());
        return PutGroupPolicyResponse.builder().build();
    }

    @Override
    default GetGroupPolicyResponse getGroupPolicy(GetGroupPolicyRequest in, Caller caller) {
        String document =
                parts().entities().inline(caller, Kind.GROUP, in.groupName(), in.policyName());
        return GetGroupPolicyResponse.builder()
                .groupName(in.groupName())
                .policyName(in.policyName())
                .policyDocument(Documents.encoded(document))
                .build();
    }

    @Override
    default DeleteGroupPolicyResponse deleteGroupPolicy(
            DeleteGroupPolicyRequest in, Caller caller) {
        parts().entities().deleteInline(caller, Kind.GROUP, in.groupName(), in.policyName());
        return DeleteGroupPolicyResponse.builder().build();
    }

    @Override
    default ListGroupPoliciesResponse listGroupPolicies(
            ListGroupPoliciesRequest in, Caller caller) {
        Page<String> page =
                parts().entities()
                        .inlineNames(
                                caller, Kind.GROUP, in.groupName(), in.marker(), in.maxItems());
        return ListGroupPoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default AttachGroupPolicyResponse attachGroupPolicy(
            AttachGroupPolicyRequest in, Caller caller) {
        parts().entities().attach(caller, Kind.GROUP, in.groupName(), in.policyArn());
        return AttachGroupPolicyResponse.builder().build();
    }

    @Override
    default DetachGroupPolicyResponse detachGroupPolicy(
            DetachGroupPolicyRequest in, Caller caller) {
        parts().entities().detach(caller, Kind.GROUP, in.groupName(), in.policyArn());
        return DetachGroupPolicyResponse.builder().build();
    }

    @Override
    default ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(
            ListAttachedGroupPoliciesRequest in, Caller caller) {
        Entities entities = parts().entities();
        Entity entity = entities.get(caller, Kind.GROUP, in.groupName());
        Page<AttachedPolicy> page =
                entities.attached(entity, in.pathPrefix(), in.marker(), in.maxItems());
        return ListAttachedGroupPoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default CreateGroupResponse createGroup(CreateGroupRequest in, Caller caller) {
        Parts iam = parts();
        Entity group =
                iam.store()
                        .update(tx ->
                                iam.entities()
                                        .put(
                                                tx,
                                                caller,
                                                Kind.GROUP,
                                                iam.entities()
                                                        .create(
                                                                tx,
                                                                caller,
                                                                Kind.GROUP,
                                                                in.groupName(),
                                                                in.path())));
        return CreateGroupResponse.builder().group(Views.group(group, caller)).build();
    }

    @Override
    default GetGroupResponse getGroup(GetGroupRequest in, Caller caller) {
        Parts iam = parts();
        Entity group = iam.entities().get(caller, Kind.GROUP, in.groupName());
        List<Entity> members =
                iam.store().read(tx -> iam.entities().members(tx, caller, group.name()));
        Page<Entity> page = Pages.of(members, Entity::name, in.marker(), in.maxItems());
        return GetGroupResponse.builder()
                .group(Views.group(group, caller))
                .users(page.items().stream().map(e -> Views.listedUser(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default ListGroupsResponse listGroups(ListGroupsRequest in, Caller caller) {
        List<Entity> all = parts().entities().list(caller, Kind.GROUP, in.pathPrefix());
        Page<Entity> page = Pages.of(all, Entity::name, in.marker(), in.maxItems());
        return ListGroupsResponse.builder()
                .groups(page.items().stream().map(e -> Views.group(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default UpdateGroupResponse updateGroup(UpdateGroupRequest in, Caller caller) {
        Parts iam = parts();
        iam.store()
                .updateOnly(tx ->
                        iam.entities()
                                .rename(
                                        tx,
                                        caller,
                                        Kind.GROUP,
                                        in.groupName(),
                                        in.newGroupName(),
                                        in.newPath()));
        return UpdateGroupResponse.builder().build();
    }

    @Override
    default DeleteGroupResponse deleteGroup(DeleteGroupRequest in, Caller caller) {
        Parts iam = parts();
        iam.store().updateOnly(tx -> iam.entities().delete(tx, caller, Kind.GROUP, in.groupName()));
        return DeleteGroupResponse.builder().build();
    }

    @Override
    default AddUserToGroupResponse addUserToGroup(AddUserToGroupRequest in, Caller caller) {
        parts().entities().join(caller, in.userName(), in.groupName(), true);
        return AddUserToGroupResponse.builder().build();
    }

    @Override
    default RemoveUserFromGroupResponse removeUserFromGroup(
            RemoveUserFromGroupRequest in, Caller caller) {
        parts().entities().join(caller, in.userName(), in.groupName(), false);
        return RemoveUserFromGroupResponse.builder().build();
    }

    @Override
    default ListGroupsForUserResponse listGroupsForUser(
            ListGroupsForUserRequest in, Caller caller) {
        Parts iam = parts();
        Entity user = iam.entities().get(caller, Kind.USER, in.userName());
        List<Entity> groups =
                user.groups().stream()
                        .sorted()
                        .map(name -> iam.entities().get(caller, Kind.GROUP, name))
                        .toList();
        Page<Entity> page = Pages.of(groups, Entity::name, in.marker(), in.maxItems());
        return ListGroupsForUserResponse.builder()
                .groups(page.items().stream().map(e -> Views.group(e, caller)).toList())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }
}
