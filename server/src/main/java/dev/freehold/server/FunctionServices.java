package dev.freehold.server;

import dev.freehold.api.apigatewayv2.Apigatewayv2Dispatch;
import dev.freehold.api.iam.IamDispatch;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.LambdaClient;
import dev.freehold.api.lambda.LambdaDispatch;
import dev.freehold.api.logs.LogsDispatch;
import dev.freehold.api.sts.StsDispatch;
import dev.freehold.http.Endpoint;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.image.Images;
import dev.freehold.services.access.AuthorizedService;
import dev.freehold.services.apigateway.ApiGatewayPermissions;
import dev.freehold.services.apigateway.ApiGatewayService;
import dev.freehold.services.apigateway.HttpApis;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.iam.IamPermissions;
import dev.freehold.services.iam.IamService;
import dev.freehold.services.lambda.Lambda;
import dev.freehold.services.lambda.LambdaPermissions;
import dev.freehold.services.lambda.code.LiveFolders;
import dev.freehold.services.lambda.rules.FileSystems;
import dev.freehold.services.logs.LogsPermissions;
import dev.freehold.services.logs.LogsService;
import dev.freehold.services.sts.StsPermissions;
import dev.freehold.services.sts.StsService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Lambda, API Gateway, and what they lean on: IAM, STS, CloudWatch Logs.
final class FunctionServices {
    private final Foundation base;
    private final LogsService logs;
    private final Lambda lambda;
    private final Service lambdaService;
    private final Permissions lambdaPermissions;
    private final LambdaApi lambdaInside;

    /// What functions run in.
    ///
    /// @param code the store of unpacked code
    record Machines(Engine engine, Runtimes runtimes, Path code) {}

    /// @throws IOException when the code store can't be made
    FunctionServices(
            Foundation base,
            Machines machines,
            LogsService logs,
            MessageServices messages,
            DataServices data)
            throws IOException {
        this.base = base;
        this.logs = logs;
        int port = base.config().port();
        Lambda.Parts parts =
                new Lambda.Parts(
                        base.store(),
                        base.blobs(),
                        base.deliveries(),
                        base.clock(),
                        Ids::uuid,
                        Ids::chance,
                        machines.runtimes(),
                        machines.engine(),
                        machines.code(),
                        new LiveFolders(
                                base.config().hotReload(),
                                base.config().development(),
                                base.config().data()),
                        base.config().development(),
                        new Images(base.config().images()),
                        new FileSystems(base.config().mounts()),
                        base.credentials(),
                        "http://127.0.0.1:" + port,
                        "http://{id}.lambda-url.{region}.localhost:" + port + "/",
                        base.prices()::cost);
        lambda = new Lambda(parts, data.s3(), messages.sqs());
        lambdaService = new LambdaDispatch(lambda.service());
        lambdaPermissions = new LambdaPermissions(base.store());
        lambdaInside =
                new LambdaClient(
                        new AuthorizedService(lambdaService, lambdaPermissions, base.authorizer()));
    }

    /// Lambda for other services, which ask by their own principals.
    LambdaApi lambda() {
        return lambdaInside;
    }

    /// Its parts that are no operations: URLs, event sources, links to code.
    Lambda parts() {
        return lambda;
    }

    /// Answers requests to users' APIs.
    HttpApis apis() {
        return new HttpApis(
                base.store(),
                base.clock(),
                new HttpApis.Needs(
                        lambdaInside,
                        base.credentials(),
                        base.authorizer(),
                        base.config().development(),
                        logs::message,
                        base.prices()::cost,
                        base.threads()));
    }

    List<Endpoint> endpoints() {
        String url = "http://{api}.execute-api.{region}.localhost:" + base.config().port();
        ApiGatewayService apis =
                new ApiGatewayService(base.store(), base.clock(), Ids::letters, url);
        IamService iam = new IamService(base.store(), base.clock(), Ids::letters);
        return List.of(
                new Endpoint(lambdaService, lambdaPermissions)
                        .withConstraints(ConstraintPolicy.OWN),
                new Endpoint(new Apigatewayv2Dispatch(apis), new ApiGatewayPermissions()),
                new Endpoint(new IamDispatch(iam), new IamPermissions())
                        .withConstraints(ConstraintPolicy.WITHOUT_VALUES),
                new Endpoint(
                        new StsDispatch(new StsService(base.credentials())),
                        new StsPermissions(base.credentials())),
                new Endpoint(new LogsDispatch(logs), new LogsPermissions()));
    }

    Map<String, DeliveryHandler> handlers(MessageServices messages, DataServices data) {
        return lambda.handlers(messages.sqs(), messages.sns(), data.s3(), lambdaInside);
    }

    /// Removes what has lived its time: sessions, logs, and code.
    ///
    /// @param garbage the time by which garbage is old enough
    void sweep(Instant now, Instant garbage) {
        lambda.sweep(garbage);
        base.credentials().sweep(now);
        logs.sweep(now);
    }
}
