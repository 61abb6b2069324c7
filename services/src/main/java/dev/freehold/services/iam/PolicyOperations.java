package dev.freehold.services.iam;

import dev.freehold.api.iam.CreatePolicyRequest;
import dev.freehold.api.iam.CreatePolicyResponse;
import dev.freehold.api.iam.CreatePolicyVersionRequest;
import dev.freehold.api.iam.CreatePolicyVersionResponse;
import dev.freehold.api.iam.DeletePolicyRequest;
import dev.freehold.api.iam.DeletePolicyResponse;
import dev.freehold.api.iam.DeletePolicyVersionRequest;
import dev.freehold.api.iam.DeletePolicyVersionResponse;
import dev.freehold.api.iam.GetContextKeysForCustomPolicyRequest;
import dev.freehold.api.iam.GetContextKeysForCustomPolicyResponse;
import dev.freehold.api.iam.GetContextKeysForPrincipalPolicyRequest;
import dev.freehold.api.iam.GetContextKeysForPrincipalPolicyResponse;
import dev.freehold.api.iam.GetPolicyRequest;
import dev.freehold.api.iam.GetPolicyResponse;
import dev.freehold.api.iam.GetPolicyVersionRequest;
import dev.freehold.api.iam.GetPolicyVersionResponse;
import dev.freehold.api.iam.IamApi;
import dev.freehold.api.iam.ListEntitiesForPolicyRequest;
import dev.freehold.api.iam.ListEntitiesForPolicyResponse;
import dev.freehold.api.iam.ListPoliciesRequest;
import dev.freehold.api.iam.ListPoliciesResponse;
import dev.freehold.api.iam.ListPolicyTagsRequest;
import dev.freehold.api.iam.ListPolicyTagsResponse;
import dev.freehold.api.iam.ListPolicyVersionsRequest;
import dev.freehold.api.iam.ListPolicyVersionsResponse;
import dev.freehold.api.iam.Policy;
import dev.freehold.api.iam.SetDefaultPolicyVersionRequest;
import dev.freehold.api.iam.SetDefaultPolicyVersionResponse;
import dev.freehold.api.iam.SimulateCustomPolicyRequest;
import dev.freehold.api.iam.SimulateCustomPolicyResponse;
import dev.freehold.api.iam.SimulatePrincipalPolicyRequest;
import dev.freehold.api.iam.SimulatePrincipalPolicyResponse;
import dev.freehold.api.iam.Tag;
import dev.freehold.api.iam.TagPolicyRequest;
import dev.freehold.api.iam.TagPolicyResponse;
import dev.freehold.api.iam.UntagPolicyRequest;
import dev.freehold.api.iam.UntagPolicyResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.IamService.Parts;
import dev.freehold.services.iam.Pages.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The operations on managed policies, and the questions what policies allow.
interface PolicyOperations extends IamApi {
    Parts parts();

    @Override
    default CreatePolicyResponse createPolicy(CreatePolicyRequest in, Caller caller) {
        return parts().policies().create(in, caller);
    }

    @Override
    default GetPolicyResponse getPolicy(GetPolicyRequest in, Caller caller) {
        Policy policy = parts().policies().view(in.policyArn(), caller);
        return GetPolicyResponse.builder().policy(policy).build();
    }

    @Override
    default ListPoliciesResponse listPolicies(ListPoliciesRequest in, Caller caller) {
        return parts().policies().list(in, caller);
    }

    @Override
    default DeletePolicyResponse deletePolicy(DeletePolicyRequest in, Caller caller) {
        parts().policies().delete(in.policyArn(), caller);
        return DeletePolicyResponse.builder().build();
    }

    @Override
    default CreatePolicyVersionResponse createPolicyVersion(
            CreatePolicyVersionRequest in, Caller caller) {
        return parts().policies().createVersion(in, caller);
    }

    @Override
    default GetPolicyVersionResponse getPolicyVersion(GetPolicyVersionRequest in, Caller caller) {
        return parts().policies().getVersion(in, caller);
    }

    @Override
    default ListPolicyVersionsResponse listPolicyVersions(
            ListPolicyVersionsRequest in, Caller caller) {
        return parts().policies().listVersions(in, caller);
    }

    @Override
    default DeletePolicyVersionResponse deletePolicyVersion(
            DeletePolicyVersionRequest in, Caller caller) {
        parts().policies().deleteVersion(in, caller);
        return DeletePolicyVersionResponse.builder().build();
    }

    @Override
    default SetDefaultPolicyVersionResponse setDefaultPolicyVersion(
            SetDefaultPolicyVersionRequest in, Caller caller) {
        parts().policies().setDefault(in, caller);
        return SetDefaultPolicyVersionResponse.builder().build();
    }

    @Override
    default ListEntitiesForPolicyResponse listEntitiesForPolicy(
            ListEntitiesForPolicyRequest in, Caller caller) {
        return parts().policies().entities(in, caller);
    }

    @Override
    default TagPolicyResponse tagPolicy(TagPolicyRequest in, Caller caller) {
        parts().policies().setTags(in.policyArn(), caller, tags -> Views.merged(tags, in.tags()));
        return TagPolicyResponse.builder().build();
    }

    @Override
    default UntagPolicyResponse untagPolicy(UntagPolicyRequest in, Caller caller) {
        parts().policies()
                .setTags(in.policyArn(), caller, tags -> Views.without(tags, in.tagKeys()));
        return UntagPolicyResponse.builder().build();
    }

    @Override
    default ListPolicyTagsResponse listPolicyTags(ListPolicyTagsRequest in, Caller caller) {
        Map<String, String> tags = parts().policies().tags(in.policyArn(), caller);
        Page<Tag> page = Views.tagPage(tags, in.marker(), in.maxItems());
        return ListPolicyTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.next())
                .build();
    }

    @Override
    default SimulatePrincipalPolicyResponse simulatePrincipalPolicy(
            SimulatePrincipalPolicyRequest in, Caller caller) {
        return parts().simulation().ofPrincipal(in, caller);
    }

    @Override
    default SimulateCustomPolicyResponse simulateCustomPolicy(
            SimulateCustomPolicyRequest in, Caller caller) {
        return parts().simulation().ofDocuments(in, caller);
    }

    @Override
    default GetContextKeysForCustomPolicyResponse getContextKeysForCustomPolicy(
            GetContextKeysForCustomPolicyRequest in, Caller caller) {
        return GetContextKeysForCustomPolicyResponse.builder()
                .contextKeyNames(Simulation.contextKeys(in.policyInputList()))
                .build();
    }

    @Override
    default GetContextKeysForPrincipalPolicyResponse getContextKeysForPrincipalPolicy(
            GetContextKeysForPrincipalPolicyRequest in, Caller caller) {
        List<String> documents =
                new ArrayList<>(parts().simulation().documents(in.policySourceArn(), caller));
        documents.addAll(in.policyInputList() == null ? List.of() : in.policyInputList());
        return GetContextKeysForPrincipalPolicyResponse.builder()
                .contextKeyNames(Simulation.contextKeys(documents))
                .build();
    }
}
