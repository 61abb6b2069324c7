package dev.freehold.services.access;

import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Authorizer.Decision;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;

/// A service as other services see it: each call is allowed to its caller or refused, as if it had
/// come from outside.
public record AuthorizedService(Service service, Permissions permissions, Authorizer authorizer)
        implements Service {
    @Override
    public ServiceModel model() {
        return service.model();
    }

    @Override
    public Structure call(Operation operation, Structure input, Caller caller) {
        Decision decision = authorizer.decide(caller, permissions.of(operation, input, caller));
        if (decision instanceof Decision.Denied denied) {
            throw new CommonError("AccessDenied", 403, denied.message());
        }
        return service.call(operation, input, caller);
    }
}
