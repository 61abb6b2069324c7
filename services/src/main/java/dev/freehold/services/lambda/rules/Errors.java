package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.PreconditionFailedException;
import dev.freehold.api.lambda.ResourceConflictException;
import dev.freehold.api.lambda.ResourceNotFoundException;
import dev.freehold.protocol.ServiceError;

/// AWS's errors with AWS's texts.
public final class Errors {
    private static final String USER = "User";

    private Errors() {}

    public static InvalidParameterValueException invalid(String message) {
        return new InvalidParameterValueException(
                message, InvalidParameterValueException.Members.builder().type(USER).build());
    }

    public static ResourceNotFoundException notFound(String message) {
        return new ResourceNotFoundException(
                message, ResourceNotFoundException.Members.builder().type(USER).build());
    }

    /// @param arn of the function as it was asked for, with its qualifier when it had one
    public static ResourceNotFoundException noFunction(String arn) {
        return notFound("Function not found: " + arn);
    }

    /// What is said where the thing has no name of its own.
    public static ResourceNotFoundException noResource() {
        return notFound("The resource you requested does not exist.");
    }

    public static ResourceConflictException conflict(String message) {
        return new ResourceConflictException(
                message, ResourceConflictException.Members.builder().type(USER).build());
    }

    /// What functions with tenants can't have.
    public static InvalidParameterValueException tenancy(String feature) {
        return invalid(feature + " is not supported for functions with tenancy configuration.");
    }

    /// The caller's revision id is old.
    ///
    /// @param operation which operation tells the latest: `GetFunction/GetAlias`, `GetPolicy`
    public static ServiceError revision(String operation) {
        return new PreconditionFailedException(
                "The Revision Id provided does not match the latest Revision Id. Call the "
                        + operation
                        + " API to retrieve the latest Revision Id",
                PreconditionFailedException.Members.builder().type(USER).build());
    }
}
