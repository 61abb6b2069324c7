package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.AddLayerVersionPermissionRequest;
import dev.freehold.api.lambda.AddLayerVersionPermissionResponse;
import dev.freehold.api.lambda.DeleteLayerVersionRequest;
import dev.freehold.api.lambda.DeleteLayerVersionResponse;
import dev.freehold.api.lambda.GetLayerVersionByArnRequest;
import dev.freehold.api.lambda.GetLayerVersionByArnResponse;
import dev.freehold.api.lambda.GetLayerVersionPolicyRequest;
import dev.freehold.api.lambda.GetLayerVersionPolicyResponse;
import dev.freehold.api.lambda.GetLayerVersionRequest;
import dev.freehold.api.lambda.GetLayerVersionResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListLayerVersionsRequest;
import dev.freehold.api.lambda.ListLayerVersionsResponse;
import dev.freehold.api.lambda.ListLayersRequest;
import dev.freehold.api.lambda.ListLayersResponse;
import dev.freehold.api.lambda.PublishLayerVersionRequest;
import dev.freehold.api.lambda.PublishLayerVersionResponse;
import dev.freehold.api.lambda.RemoveLayerVersionPermissionRequest;
import dev.freehold.api.lambda.RemoveLayerVersionPermissionResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.LayerPolicies;
import dev.freehold.services.lambda.ops.Layers;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about layers.
public interface LayerOperations extends LambdaApi {
    Layers layers();

    LayerPolicies layerPolicies();

    @Override
    default AddLayerVersionPermissionResponse addLayerVersionPermission(
            AddLayerVersionPermissionRequest in, Caller caller) {
        LayerPolicies.Added added = layerPolicies().add(in, caller);
        return AddLayerVersionPermissionResponse.builder()
                .statement(added.statement())
                .revisionId(added.revision())
                .build();
    }

    @Override
    default DeleteLayerVersionResponse deleteLayerVersion(
            DeleteLayerVersionRequest in, Caller caller) {
        layers().delete(in.layerName(), in.versionNumber(), caller);
        return DeleteLayerVersionResponse.builder().build();
    }

    @Override
    default GetLayerVersionResponse getLayerVersion(GetLayerVersionRequest in, Caller caller) {
        return layers().get(in.layerName(), in.versionNumber(), caller);
    }

    @Override
    default GetLayerVersionByArnResponse getLayerVersionByArn(
            GetLayerVersionByArnRequest in, Caller caller) {
        return Copies.of(
                        layers().getByArn(in.arn(), caller), GetLayerVersionByArnResponse.builder())
                .build();
    }

    @Override
    default GetLayerVersionPolicyResponse getLayerVersionPolicy(
            GetLayerVersionPolicyRequest in, Caller caller) {
        PolicyRow policy = layerPolicies().get(in.layerName(), in.versionNumber(), caller);
        return GetLayerVersionPolicyResponse.builder()
                .policy(policy.document())
                .revisionId(policy.revision())
                .build();
    }

    @Override
    default ListLayerVersionsResponse listLayerVersions(
            ListLayerVersionsRequest in, Caller caller) {
        return layers().versions(in, caller);
    }

    @Override
    default ListLayersResponse listLayers(ListLayersRequest in, Caller caller) {
        return layers().list(in, caller);
    }

    @Override
    default PublishLayerVersionResponse publishLayerVersion(
            PublishLayerVersionRequest in, Caller caller) {
        return Copies.of(layers().publish(in, caller), PublishLayerVersionResponse.builder())
                .build();
    }

    @Override
    default RemoveLayerVersionPermissionResponse removeLayerVersionPermission(
            RemoveLayerVersionPermissionRequest in, Caller caller) {
        layerPolicies().remove(in, caller);
        return RemoveLayerVersionPermissionResponse.builder().build();
    }
}
