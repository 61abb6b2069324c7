package dev.freehold.services.iam;

import dev.freehold.api.iam.AccessKey;
import dev.freehold.api.iam.AccessKeyMetadata;
import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.CreateAccessKeyRequest;
import dev.freehold.api.iam.CreateAccessKeyResponse;
import dev.freehold.api.iam.CreateAccountAliasRequest;
import dev.freehold.api.iam.CreateAccountAliasResponse;
import dev.freehold.api.iam.CreateServiceSpecificCredentialRequest;
import dev.freehold.api.iam.CreateServiceSpecificCredentialResponse;
import dev.freehold.api.iam.DeleteAccessKeyRequest;
import dev.freehold.api.iam.DeleteAccessKeyResponse;
import dev.freehold.api.iam.DeleteAccountAliasRequest;
import dev.freehold.api.iam.DeleteAccountAliasResponse;
import dev.freehold.api.iam.DeleteAccountPasswordPolicyRequest;
import dev.freehold.api.iam.DeleteAccountPasswordPolicyResponse;
import dev.freehold.api.iam.DeleteServiceSpecificCredentialRequest;
import dev.freehold.api.iam.DeleteServiceSpecificCredentialResponse;
import dev.freehold.api.iam.EntityAlreadyExistsException;
import dev.freehold.api.iam.GetAccountAuthorizationDetailsRequest;
import dev.freehold.api.iam.GetAccountAuthorizationDetailsResponse;
import dev.freehold.api.iam.GetAccountPasswordPolicyRequest;
import dev.freehold.api.iam.GetAccountPasswordPolicyResponse;
import dev.freehold.api.iam.GetAccountSummaryRequest;
import dev.freehold.api.iam.GetAccountSummaryResponse;
import dev.freehold.api.iam.GroupDetail;
import dev.freehold.api.iam.IamApi;
import dev.freehold.api.iam.ListAccessKeysRequest;
import dev.freehold.api.iam.ListAccessKeysResponse;
import dev.freehold.api.iam.ListAccountAliasesRequest;
import dev.freehold.api.iam.ListAccountAliasesResponse;
import dev.freehold.api.iam.ListServiceSpecificCredentialsRequest;
import dev.freehold.api.iam.ListServiceSpecificCredentialsResponse;
import dev.freehold.api.iam.ManagedPolicyDetail;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.PasswordPolicy;
import dev.freehold.api.iam.ResetServiceSpecificCredentialRequest;
import dev.freehold.api.iam.ResetServiceSpecificCredentialResponse;
import dev.freehold.api.iam.RoleDetail;
import dev.freehold.api.iam.ServiceSpecificCredentialMetadata;
import dev.freehold.api.iam.UpdateAccessKeyRequest;
import dev.freehold.api.iam.UpdateAccessKeyResponse;
import dev.freehold.api.iam.UpdateAccountPasswordPolicyRequest;
import dev.freehold.api.iam.UpdateAccountPasswordPolicyResponse;
import dev.freehold.api.iam.UpdateServiceSpecificCredentialRequest;
import dev.freehold.api.iam.UpdateServiceSpecificCredentialResponse;
import dev.freehold.api.iam.UserDetail;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.protocol.Structure;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamService.Parts;
import dev.freehold.services.iam.Pages.Page;
import dev.freehold.services.structures.Copies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The operations on credentials of users and on the account as a whole.
interface AccountOperations extends IamApi {
    Parts parts();

    @Override
    default CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest in, Caller caller) {
        Parts iam = parts();
        String name = Views.userName(in.userName(), caller);
        AccessKey made =
                iam.store()
                        .update(tx -> {
                            Entity user = iam.entities().get(tx, caller, Kind.USER, name);
                            return iam.keys().create(tx, caller, user.name());
                        });
        return CreateAccessKeyResponse.builder().accessKey(made).build();
    }

    @Override
    default ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest in, Caller caller) {
        Parts iam = parts();
        String name = Views.userName(in.userName(), caller);
        List<AccessKeyMetadata> all =
                iam.store()
                        .read(tx -> {
                            iam.entities().get(tx, caller, Kind.USER, name);
                            return iam.keys().list(tx, caller, name);
                        });
        Page<AccessKeyMetadata> page =
                Pages.of(all, k -> String.valueOf(k.accessKeyId()), in.marker(), in.maxItems());
        return ListAccessKeysResponse.builder()
                .accessKeyMetadata(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest in, Caller caller) {
        Parts iam = parts();
        String name = Views.userName(in.userName(), caller);
        iam.store().updateOnly(tx -> iam.keys().setActive(tx, caller, in, name));
        return UpdateAccessKeyResponse.builder().build();
    }

    @Override
    default DeleteAccessKeyResponse deleteAccessKey(DeleteAccessKeyRequest in, Caller caller) {
        Parts iam = parts();
        String name = Views.userName(in.userName(), caller);
        iam.store().updateOnly(tx -> iam.keys().delete(tx, caller, name, in.accessKeyId()));
        return DeleteAccessKeyResponse.builder().build();
    }

    @Override
    default CreateServiceSpecificCredentialResponse createServiceSpecificCredential(
            CreateServiceSpecificCredentialRequest in, Caller caller) {
        return CreateServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(parts().serviceCredentials().create(in, caller))
                .build();
    }

    @Override
    default ListServiceSpecificCredentialsResponse listServiceSpecificCredentials(
            ListServiceSpecificCredentialsRequest in, Caller caller) {
        if (Boolean.TRUE.equals(in.allUsers())) {
            throw new NotImplementedError("AllUsers of ListServiceSpecificCredentials");
        }
        String name = Views.userName(in.userName(), caller);
        List<ServiceSpecificCredentialMetadata> all =
                parts().serviceCredentials().list(caller, name, in.serviceName());
        Page<ServiceSpecificCredentialMetadata> page =
                Pages.of(
                        all,
                        ServiceSpecificCredentialMetadata::serviceSpecificCredentialId,
                        in.marker(),
                        in.maxItems());
        return ListServiceSpecificCredentialsResponse.builder()
                .serviceSpecificCredentials(page.items())
                .isTruncated(page.truncated() ? true : null)
                .marker(page.next())
                .build();
    }

    @Override
    default UpdateServiceSpecificCredentialResponse updateServiceSpecificCredential(
            UpdateServiceSpecificCredentialRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        parts().serviceCredentials()
                .setStatus(caller, name, in.serviceSpecificCredentialId(), in.status());
        return UpdateServiceSpecificCredentialResponse.builder().build();
    }

    @Override
    default ResetServiceSpecificCredentialResponse resetServiceSpecificCredential(
            ResetServiceSpecificCredentialRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        return ResetServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(
                        parts().serviceCredentials()
                                .reset(caller, name, in.serviceSpecificCredentialId()))
                .build();
    }

    @Override
    default DeleteServiceSpecificCredentialResponse deleteServiceSpecificCredential(
            DeleteServiceSpecificCredentialRequest in, Caller caller) {
        String name = Views.userName(in.userName(), caller);
        parts().serviceCredentials().delete(caller, name, in.serviceSpecificCredentialId());
        return DeleteServiceSpecificCredentialResponse.builder().build();
    }

    @Override
    default CreateAccountAliasResponse createAccountAlias(
            CreateAccountAliasRequest in, Caller caller) {
        String alias = in.accountAlias();
        parts().store()
                .updateOnly(tx -> {
                    String owner = tx.get(IamTables.ALIASES, alias);
                    if (owner != null && !owner.equals(caller.account())) {
                        throw new EntityAlreadyExistsException(
                                "The account alias " + alias + " already exists.");
                    }
                    String before = tx.get(IamTables.ALIASES, caller.account());
                    if (before != null) {
                        tx.delete(IamTables.ALIASES, before);
                    }
                    tx.put(IamTables.ALIASES, alias, caller.account());
                    tx.put(IamTables.ALIASES, caller.account(), alias);
                });
        return CreateAccountAliasResponse.builder().build();
    }

    @Override
    default ListAccountAliasesResponse listAccountAliases(
            ListAccountAliasesRequest in, Caller caller) {
        String alias = parts().store().read(tx -> tx.get(IamTables.ALIASES, caller.account()));
        return ListAccountAliasesResponse.builder()
                .accountAliases(alias == null ? List.of() : List.of(alias))
                .isTruncated(false)
                .build();
    }

    @Override
    default DeleteAccountAliasResponse deleteAccountAlias(
            DeleteAccountAliasRequest in, Caller caller) {
        String alias = in.accountAlias();
        parts().store()
                .updateOnly(tx -> {
                    if (!alias.equals(tx.get(IamTables.ALIASES, caller.account()))) {
                        throw new NoSuchEntityException(
                                "The account alias " + alias + " cannot be found.");
                    }
                    tx.delete(IamTables.ALIASES, alias);
                    tx.delete(IamTables.ALIASES, caller.account());
                });
        return DeleteAccountAliasResponse.builder().build();
    }

    @Override
    default UpdateAccountPasswordPolicyResponse updateAccountPasswordPolicy(
            UpdateAccountPasswordPolicyRequest in, Caller caller) {
        PasswordPolicy policy =
                Copies.of(in, PasswordPolicy.builder())
                        .minimumPasswordLength(
                                in.minimumPasswordLength() == null ? 6 : in.minimumPasswordLength())
                        .requireSymbols(Boolean.TRUE.equals(in.requireSymbols()))
                        .requireNumbers(Boolean.TRUE.equals(in.requireNumbers()))
                        .requireUppercaseCharacters(
                                Boolean.TRUE.equals(in.requireUppercaseCharacters()))
                        .requireLowercaseCharacters(
                                Boolean.TRUE.equals(in.requireLowercaseCharacters()))
                        .allowUsersToChangePassword(
                                Boolean.TRUE.equals(in.allowUsersToChangePassword()))
                        .expirePasswords(in.maxPasswordAge() != null && in.maxPasswordAge() > 0)
                        .build();
        parts().store()
                .updateOnly(tx -> tx.put(IamTables.PASSWORD_POLICIES, caller.account(), policy));
        return UpdateAccountPasswordPolicyResponse.builder().build();
    }

    @Override
    default GetAccountPasswordPolicyResponse getAccountPasswordPolicy(
            GetAccountPasswordPolicyRequest in, Caller caller) {
        PasswordPolicy policy =
                parts().store().read(tx -> tx.get(IamTables.PASSWORD_POLICIES, caller.account()));
        if (policy == null) {
            throw noPasswordPolicy(caller);
        }
        return GetAccountPasswordPolicyResponse.builder().passwordPolicy(policy).build();
    }

    private static NoSuchEntityException noPasswordPolicy(Caller caller) {
        return new NoSuchEntityException(
                "The Password Policy with domain name " + caller.account() + " cannot be found.");
    }

    @Override
    default DeleteAccountPasswordPolicyResponse deleteAccountPasswordPolicy(
            DeleteAccountPasswordPolicyRequest in, Caller caller) {
        parts().store()
                .updateOnly(tx -> {
                    if (tx.get(IamTables.PASSWORD_POLICIES, caller.account()) == null) {
                        throw noPasswordPolicy(caller);
                    }
                    tx.delete(IamTables.PASSWORD_POLICIES, caller.account());
                });
        return DeleteAccountPasswordPolicyResponse.builder().build();
    }

    @Override
    default GetAccountSummaryResponse getAccountSummary(
            GetAccountSummaryRequest in, Caller caller) {
        Parts iam = parts();
        Map<String, Integer> summary = new LinkedHashMap<>();
        summary.put("Users", iam.entities().list(caller, Kind.USER, null).size());
        summary.put("Groups", iam.entities().list(caller, Kind.GROUP, null).size());
        summary.put("Roles", iam.entities().list(caller, Kind.ROLE, null).size());
        List<ManagedPolicy> policies =
                iam.store().read(tx -> IamTables.policies(tx, caller.account()));
        summary.put("Policies", policies.size());
        summary.put(
                "PolicyVersionsInUse", policies.stream().mapToInt(p -> p.versions().size()).sum());
        summary.put("InstanceProfiles", iam.profiles().list(caller, null, null).size());
        summary.put("AccountMFAEnabled", 0);
        summary.put("AccountAccessKeysPresent", 0);
        summary.put("AccountSigningCertificatesPresent", 0);
        summary.put("AccountPasswordPresent", 0);
        summary.put("MFADevices", 0);
        summary.put("MFADevicesInUse", 0);
        summary.put("Providers", 0);
        summary.put("ServerCertificates", 0);
        summary.putAll(QUOTAS);
        return GetAccountSummaryResponse.builder().summaryMap(summary).build();
    }

    /// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
    Map<String, Integer> QUOTAS =
            Map.ofEntries(
                    Map.entry("AccessKeysPerUserQuota", 2),
                    Map.entry("AssumeRolePolicySizeQuota", 2048),
                    Map.entry("AttachedPoliciesPerGroupQuota", 10),
                    Map.entry("AttachedPoliciesPerRoleQuota", 10),
                    Map.entry("AttachedPoliciesPerUserQuota", 10),
                    Map.entry("GroupPolicySizeQuota", 5120),
                    Map.entry("GroupsPerUserQuota", 10),
                    Map.entry("GroupsQuota", 300),
                    Map.entry("InstanceProfilesQuota", 1000),
                    Map.entry("PoliciesQuota", 1500),
                    Map.entry("PolicySizeQuota", 6144),
                    Map.entry("PolicyVersionsInUseQuota", 10000),
                    Map.entry("RolePolicySizeQuota", 10240),
                    Map.entry("RolesQuota", 1000),
                    Map.entry("ServerCertificatesQuota", 20),
                    Map.entry("SigningCertificatesPerUserQuota", 2),
                    Map.entry("UserPolicySizeQuota", 2048),
                    Map.entry("UsersQuota", 5000),
                    Map.entry("VersionsPerPolicyQuota", 5));

    @Override
    default GetAccountAuthorizationDetailsResponse getAccountAuthorizationDetails(
            GetAccountAuthorizationDetailsRequest in, Caller caller) {
        Set<String> filter = in.filter() == null ? Set.of() : Set.copyOf(in.filter());
        List<Structure> all = details(caller, filter);
        Page<Structure> page =
                Pages.of(all, AccountOperations::detailKey, in.marker(), in.maxItems());
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(only(page, UserDetail.class))
                .groupDetailList(only(page, GroupDetail.class))
                .roleDetailList(only(page, RoleDetail.class))
                .policies(only(page, ManagedPolicyDetail.class))
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    private static <T> List<T> only(Page<Structure> page, Class<T> type) {
        return page.items().stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static String detailKey(Structure detail) {
        Member arn = detail.schema().member("Arn");
        return detail.schema().name() + " " + (arn == null ? "" : detail.member(arn.index()));
    }

    private List<Structure> details(Caller caller, Set<String> filter) {
        Parts iam = parts();
        List<Structure> all = new ArrayList<>();
        if (filter.isEmpty() || filter.contains("User")) {
            iam.entities().list(caller, Kind.USER, null).forEach(e -> all.add(user(e, caller)));
        }
        if (filter.isEmpty() || filter.contains("Group")) {
            iam.entities().list(caller, Kind.GROUP, null).forEach(e -> all.add(group(e, caller)));
        }
        if (filter.isEmpty() || filter.contains("Role")) {
            iam.entities().list(caller, Kind.ROLE, null).forEach(e -> all.add(role(e, caller)));
        }
        all.addAll(iam.policies().details(caller, filter));
        return all;
    }

    private static List<AttachedPolicy> attached(Entity e) {
        return e.attached().stream().map(Views::attached).toList();
    }

    private static Structure user(Entity e, Caller caller) {
        return Copies.of(Views.user(e, caller), UserDetail.builder())
                .userPolicyList(e.inline().isEmpty() ? null : Views.inline(e))
                .groupList(e.groups())
                .attachedManagedPolicies(attached(e))
                .tags(Views.tags(e.tags()))
                .build();
    }

    private static Structure group(Entity e, Caller caller) {
        return Copies.of(Views.group(e, caller), GroupDetail.builder())
                .groupPolicyList(Views.inline(e))
                .attachedManagedPolicies(attached(e))
                .build();
    }

    private Structure role(Entity e, Caller caller) {
        return Copies.of(Views.role(e, caller), RoleDetail.builder())
                .instanceProfileList(parts().profiles().list(caller, null, e.name()))
                .rolePolicyList(Views.inline(e))
                .attachedManagedPolicies(attached(e))
                .tags(Views.tags(e.tags()))
                .build();
    }
}
