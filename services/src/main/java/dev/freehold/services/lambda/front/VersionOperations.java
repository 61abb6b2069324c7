package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.CreateAliasRequest;
import dev.freehold.api.lambda.CreateAliasResponse;
import dev.freehold.api.lambda.DeleteAliasRequest;
import dev.freehold.api.lambda.DeleteAliasResponse;
import dev.freehold.api.lambda.GetAliasRequest;
import dev.freehold.api.lambda.GetAliasResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListAliasesRequest;
import dev.freehold.api.lambda.ListAliasesResponse;
import dev.freehold.api.lambda.ListVersionsByFunctionRequest;
import dev.freehold.api.lambda.ListVersionsByFunctionResponse;
import dev.freehold.api.lambda.PublishVersionRequest;
import dev.freehold.api.lambda.PublishVersionResponse;
import dev.freehold.api.lambda.UpdateAliasRequest;
import dev.freehold.api.lambda.UpdateAliasResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.Aliases;
import dev.freehold.services.lambda.ops.Versions;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about versions and aliases.
public interface VersionOperations extends LambdaApi {
    Versions versions();

    Aliases aliases();

    @Override
    default CreateAliasResponse createAlias(CreateAliasRequest in, Caller caller) {
        return Copies.of(aliases().create(in, caller), CreateAliasResponse.builder()).build();
    }

    @Override
    default DeleteAliasResponse deleteAlias(DeleteAliasRequest in, Caller caller) {
        aliases().delete(in, caller);
        return DeleteAliasResponse.builder().build();
    }

    @Override
    default GetAliasResponse getAlias(GetAliasRequest in, Caller caller) {
        return Copies.of(aliases().get(in, caller), GetAliasResponse.builder()).build();
    }

    @Override
    default ListAliasesResponse listAliases(ListAliasesRequest in, Caller caller) {
        return aliases().list(in, caller);
    }

    @Override
    default ListVersionsByFunctionResponse listVersionsByFunction(
            ListVersionsByFunctionRequest in, Caller caller) {
        return versions().list(in, caller);
    }

    @Override
    default PublishVersionResponse publishVersion(PublishVersionRequest in, Caller caller) {
        return Copies.of(versions().publish(in, caller), PublishVersionResponse.builder()).build();
    }

    @Override
    default UpdateAliasResponse updateAlias(UpdateAliasRequest in, Caller caller) {
        return Copies.of(aliases().update(in, caller), UpdateAliasResponse.builder()).build();
    }
}
