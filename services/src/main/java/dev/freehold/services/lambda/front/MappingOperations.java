package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.CreateEventSourceMappingResponse;
import dev.freehold.api.lambda.DeleteEventSourceMappingRequest;
import dev.freehold.api.lambda.DeleteEventSourceMappingResponse;
import dev.freehold.api.lambda.GetEventSourceMappingRequest;
import dev.freehold.api.lambda.GetEventSourceMappingResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListEventSourceMappingsRequest;
import dev.freehold.api.lambda.ListEventSourceMappingsResponse;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.api.lambda.UpdateEventSourceMappingResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.sources.Mappings;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about event source mappings.
public interface MappingOperations extends LambdaApi {
    Mappings mappings();

    @Override
    default CreateEventSourceMappingResponse createEventSourceMapping(
            CreateEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings().create(in, caller), CreateEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    default DeleteEventSourceMappingResponse deleteEventSourceMapping(
            DeleteEventSourceMappingRequest in, Caller caller) {
        return Copies.of(
                        mappings().delete(in.uuid(), caller),
                        DeleteEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    default GetEventSourceMappingResponse getEventSourceMapping(
            GetEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings().get(in.uuid(), caller), GetEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    default ListEventSourceMappingsResponse listEventSourceMappings(
            ListEventSourceMappingsRequest in, Caller caller) {
        return mappings().list(in, caller);
    }

    @Override
    default UpdateEventSourceMappingResponse updateEventSourceMapping(
            UpdateEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings().update(in, caller), UpdateEventSourceMappingResponse.builder())
                .build();
    }
}
