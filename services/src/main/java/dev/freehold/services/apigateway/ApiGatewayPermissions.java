package dev.freehold.services.apigateway;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import java.util.List;

/// What API Gateway's operations ask to be allowed: the HTTP method on the path of the management
/// API.
public final class ApiGatewayPermissions implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String resource = "arn:aws:apigateway:" + caller.region() + "::/apis/*";
        return List.of(new Permission("apigateway:" + operation.http().method(), resource));
    }
}
