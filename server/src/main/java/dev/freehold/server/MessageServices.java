package dev.freehold.server;

import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sns.SnsClient;
import dev.freehold.api.sns.SnsDispatch;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.api.sqs.SqsClient;
import dev.freehold.api.sqs.SqsDispatch;
import dev.freehold.http.Endpoint;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.services.access.AuthorizedService;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.sns.Signer;
import dev.freehold.services.sns.SnsDeliveries;
import dev.freehold.services.sns.SnsPermissions;
import dev.freehold.services.sns.SnsService;
import dev.freehold.services.sqs.SqsConstraints;
import dev.freehold.services.sqs.SqsPermissions;
import dev.freehold.services.sqs.SqsService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// SQS and SNS.
final class MessageServices {
    private final Foundation base;
    private final SqsService sqs;
    private final Signer signer;
    private final Service sqsService;
    private final Service snsService;
    private final Permissions sqsPermissions;
    private final Permissions snsPermissions;
    private final SqsApi sqsInside;
    private final SnsApi snsInside;

    MessageServices(Foundation base) {
        this.base = base;
        sqs =
                new SqsService(
                        base.store(), base.deliveries(), base.clock(), Ids::uuid, base.endpoint());
        sqsService = new SqsDispatch(sqs);
        sqsPermissions = new SqsPermissions(base.store());
        sqsInside =
                new SqsClient(new AuthorizedService(sqsService, sqsPermissions, base.authorizer()));
        snsService =
                new SnsDispatch(
                        new SnsService(base.store(), base.deliveries(), base.clock(), Ids::uuid));
        snsPermissions = new SnsPermissions(base.store());
        snsInside =
                new SnsClient(new AuthorizedService(snsService, snsPermissions, base.authorizer()));
        signer = new Signer(base.store(), base.clock());
    }

    /// SQS for other services, which ask by their own principals.
    SqsApi sqs() {
        return sqsInside;
    }

    /// SNS for other services.
    SnsApi sns() {
        return snsInside;
    }

    /// Signs what SNS tells.
    Signer signer() {
        return signer;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(sqsService, sqsPermissions)
                        .withConstraints(new SqsConstraints())
                        .opened(),
                new Endpoint(snsService, snsPermissions)
                        .withConstraints(ConstraintPolicy.OWN)
                        .opened());
    }

    Map<String, DeliveryHandler> handlers(LambdaApi lambda) {
        Map<String, DeliveryHandler> handlers = new HashMap<>(sqs.handlers());
        handlers.putAll(
                new SnsDeliveries(
                                base.store(),
                                base.deliveries(),
                                signer,
                                sqsInside,
                                lambda,
                                base.endpoint())
                        .handlers());
        return handlers;
    }
}
