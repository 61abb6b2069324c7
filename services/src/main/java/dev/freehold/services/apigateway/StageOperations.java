package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Apigatewayv2Api;
import dev.freehold.api.apigatewayv2.BadRequestException;
import dev.freehold.api.apigatewayv2.ConflictException;
import dev.freehold.api.apigatewayv2.CreateDeploymentRequest;
import dev.freehold.api.apigatewayv2.CreateDeploymentResponse;
import dev.freehold.api.apigatewayv2.CreateStageRequest;
import dev.freehold.api.apigatewayv2.CreateStageResponse;
import dev.freehold.api.apigatewayv2.DeleteAccessLogSettingsRequest;
import dev.freehold.api.apigatewayv2.DeleteAccessLogSettingsResponse;
import dev.freehold.api.apigatewayv2.DeleteDeploymentRequest;
import dev.freehold.api.apigatewayv2.DeleteDeploymentResponse;
import dev.freehold.api.apigatewayv2.DeleteRouteSettingsRequest;
import dev.freehold.api.apigatewayv2.DeleteRouteSettingsResponse;
import dev.freehold.api.apigatewayv2.DeleteStageRequest;
import dev.freehold.api.apigatewayv2.DeleteStageResponse;
import dev.freehold.api.apigatewayv2.Deployment;
import dev.freehold.api.apigatewayv2.GetDeploymentRequest;
import dev.freehold.api.apigatewayv2.GetDeploymentResponse;
import dev.freehold.api.apigatewayv2.GetDeploymentsRequest;
import dev.freehold.api.apigatewayv2.GetDeploymentsResponse;
import dev.freehold.api.apigatewayv2.GetStageRequest;
import dev.freehold.api.apigatewayv2.GetStageResponse;
import dev.freehold.api.apigatewayv2.GetStagesRequest;
import dev.freehold.api.apigatewayv2.GetStagesResponse;
import dev.freehold.api.apigatewayv2.NotFoundException;
import dev.freehold.api.apigatewayv2.RouteSettings;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.api.apigatewayv2.UpdateDeploymentRequest;
import dev.freehold.api.apigatewayv2.UpdateDeploymentResponse;
import dev.freehold.api.apigatewayv2.UpdateStageRequest;
import dev.freehold.api.apigatewayv2.UpdateStageResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The operations on stages and deployments.
interface StageOperations extends Apigatewayv2Api {
    Pattern STAGE_NAME = Pattern.compile("\\$default|[a-zA-Z0-9_-]{1,128}");

    Apis apis();

    @Override
    default CreateStageResponse createStage(CreateStageRequest in, Caller caller) {
        if (!STAGE_NAME.matcher(in.stageName()).matches()) {
            throw new BadRequestException(
                    "Stage name only allows a-z, A-Z, 0-9, hyphen and underscore");
        }
        Apis.refuse("ClientCertificateId", in.clientCertificateId() != null);
        Stage stage =
                Copies.of(in, Stage.builder())
                        .autoDeploy(Boolean.TRUE.equals(in.autoDeploy()))
                        .defaultRouteSettings(settings(in.defaultRouteSettings()))
                        .routeSettings(in.routeSettings() == null ? Map.of() : in.routeSettings())
                        .stageVariables(
                                in.stageVariables() == null ? Map.of() : in.stageVariables())
                        .tags(in.tags() == null ? Map.of() : in.tags())
                        .createdDate(apis().now())
                        .lastUpdatedDate(apis().now())
                        .build();
        check(stage);
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            ApiTables.PartKey key =
                                    new ApiTables.PartKey(
                                            in.apiId(), ApiTables.DRAFT, in.stageName());
                            if (tx.get(ApiTables.STAGES, key) != null) {
                                throw new ConflictException("Stage already exists");
                            }
                            requireDeployment(tx, in.apiId(), in.deploymentId());
                            tx.put(ApiTables.STAGES, key, stage);
                        });
        return Copies.of(stage(in.apiId(), in.stageName(), caller), CreateStageResponse.builder())
                .build();
    }

    private static RouteSettings settings(@Nullable RouteSettings given) {
        RouteSettings.Builder builder = given == null ? RouteSettings.builder() : given.toBuilder();
        return builder.detailedMetricsEnabled(
                        given != null && Boolean.TRUE.equals(given.detailedMetricsEnabled()))
                .build();
    }

    private static void check(Stage stage) {
        Map<String, RouteSettings> settings = new LinkedHashMap<>();
        if (stage.routeSettings() != null) {
            settings.putAll(stage.routeSettings());
        }
        if (stage.defaultRouteSettings() != null) {
            settings.put("", stage.defaultRouteSettings());
        }
        for (RouteSettings each : settings.values()) {
            Apis.refuse("DataTraceEnabled", Boolean.TRUE.equals(each.dataTraceEnabled()));
            Apis.refuse(
                    "LoggingLevel " + each.loggingLevel(),
                    each.loggingLevel() != null && !each.loggingLevel().equals("OFF"));
        }
        if (stage.accessLogSettings() != null
                && AccessLogs.group(String.valueOf(stage.accessLogSettings().destinationArn()))
                        == null) {
            throw new BadRequestException(
                    "Invalid ARN specified in the request. ARNs must start with 'arn:' and name a"
                            + " log group");
        }
    }

    private static void requireDeployment(Transaction tx, String api, @Nullable String deployment) {
        if (deployment != null
                && tx.get(
                                ApiTables.DEPLOYMENTS,
                                new ApiTables.PartKey(api, ApiTables.DRAFT, deployment))
                        == null) {
            throw new BadRequestException("Deployment id does not exist");
        }
    }

    private Stage stage(String api, String name, Caller caller) {
        return apis().part(ApiTables.STAGES, api, name, caller, "stage");
    }

    @Override
    default GetStageResponse getStage(GetStageRequest in, Caller caller) {
        Stage stage = stage(in.apiId(), in.stageName(), caller);
        return Copies.of(stage, GetStageResponse.builder()).build();
    }

    @Override
    default GetStagesResponse getStages(GetStagesRequest in, Caller caller) {
        Paging.Page<Stage> page =
                Paging.of(
                        apis().parts(ApiTables.STAGES, in.apiId(), caller),
                        Stage::stageName,
                        in.nextToken(),
                        in.maxResults());
        return GetStagesResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    default UpdateStageResponse updateStage(UpdateStageRequest in, Caller caller) {
        Apis.refuse("ClientCertificateId", in.clientCertificateId() != null);
        changeStage(
                in.apiId(),
                in.stageName(),
                caller,
                before -> Copies.of(in, before.toBuilder()).lastUpdatedDate(apis().now()).build());
        Stage stage = stage(in.apiId(), in.stageName(), caller);
        return Copies.of(stage, UpdateStageResponse.builder()).build();
    }

    private void changeStage(String api, String name, Caller caller, UnaryOperator<Stage> change) {
        apis().change(
                        api,
                        caller,
                        tx -> {
                            Stage before = apis().part(tx, ApiTables.STAGES, api, name, "stage");
                            Stage after = change.apply(before);
                            check(after);
                            requireDeployment(tx, api, after.deploymentId());
                            apis().put(tx, ApiTables.STAGES, api, name, after);
                        });
    }

    @Override
    default DeleteStageResponse deleteStage(DeleteStageRequest in, Caller caller) {
        apis().remove(ApiTables.STAGES, in.apiId(), in.stageName(), caller, "stage");
        return DeleteStageResponse.builder().build();
    }

    @Override
    default DeleteAccessLogSettingsResponse deleteAccessLogSettings(
            DeleteAccessLogSettingsRequest in, Caller caller) {
        changeStage(
                in.apiId(),
                in.stageName(),
                caller,
                before -> before.toBuilder().accessLogSettings(null).build());
        return DeleteAccessLogSettingsResponse.builder().build();
    }

    @Override
    default DeleteRouteSettingsResponse deleteRouteSettings(
            DeleteRouteSettingsRequest in, Caller caller) {
        changeStage(
                in.apiId(),
                in.stageName(),
                caller,
                before -> {
                    Map<String, RouteSettings> left =
                            new LinkedHashMap<>(
                                    before.routeSettings() == null
                                            ? Map.of()
                                            : before.routeSettings());
                    if (left.remove(in.routeKey()) == null) {
                        throw new NotFoundException("Invalid Route key specified");
                    }
                    return before.toBuilder().routeSettings(left).build();
                });
        return DeleteRouteSettingsResponse.builder().build();
    }

    @Override
    default CreateDeploymentResponse createDeployment(CreateDeploymentRequest in, Caller caller) {
        Deployment deployment =
                Deployment.builder()
                        .autoDeployed(false)
                        .createdDate(apis().now())
                        .deploymentId(apis().id(6))
                        .deploymentStatus("DEPLOYED")
                        .description(in.description())
                        .build();
        String id = String.valueOf(deployment.deploymentId());
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            apis().snapshot(tx, in.apiId(), id);
                            apis().put(tx, ApiTables.DEPLOYMENTS, in.apiId(), id, deployment);
                            if (in.stageName() != null) {
                                deploy(tx, in.apiId(), in.stageName(), id);
                            }
                        });
        return Copies.of(deployment, CreateDeploymentResponse.builder()).build();
    }

    private void deploy(Transaction tx, String api, String name, String deployment) {
        Stage stage = apis().part(tx, ApiTables.STAGES, api, name, "stage");
        if (Boolean.TRUE.equals(stage.autoDeploy())) {
            throw new BadRequestException(
                    "A stage with auto deployment can't be deployed manually");
        }
        apis().put(
                        tx,
                        ApiTables.STAGES,
                        api,
                        name,
                        stage.toBuilder()
                                .deploymentId(deployment)
                                .lastUpdatedDate(apis().now())
                                .build());
    }

    private Deployment deployment(String api, String id, Caller caller) {
        return apis().part(ApiTables.DEPLOYMENTS, api, id, caller, "Deployment");
    }

    @Override
    default GetDeploymentResponse getDeployment(GetDeploymentRequest in, Caller caller) {
        Deployment found = deployment(in.apiId(), in.deploymentId(), caller);
        return Copies.of(found, GetDeploymentResponse.builder()).build();
    }

    @Override
    default GetDeploymentsResponse getDeployments(GetDeploymentsRequest in, Caller caller) {
        Paging.Page<Deployment> page =
                Paging.of(
                        apis().parts(ApiTables.DEPLOYMENTS, in.apiId(), caller),
                        d -> String.valueOf(d.deploymentId()),
                        in.nextToken(),
                        in.maxResults());
        return GetDeploymentsResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    default UpdateDeploymentResponse updateDeployment(UpdateDeploymentRequest in, Caller caller) {
        Deployment changed =
                deployment(in.apiId(), in.deploymentId(), caller).toBuilder()
                        .description(in.description())
                        .build();
        apis().change(
                        in.apiId(),
                        caller,
                        tx ->
                                apis().put(
                                                tx,
                                                ApiTables.DEPLOYMENTS,
                                                in.apiId(),
                                                in.deploymentId(),
                                                changed));
        return Copies.of(changed, UpdateDeploymentResponse.builder()).build();
    }

    @Override
    default DeleteDeploymentResponse deleteDeployment(DeleteDeploymentRequest in, Caller caller) {
        String id = in.deploymentId();
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            apis().part(tx, ApiTables.DEPLOYMENTS, in.apiId(), id, "Deployment");
                            boolean used =
                                    ApiTables.all(tx, ApiTables.STAGES, in.apiId(), ApiTables.DRAFT)
                                            .values()
                                            .stream()
                                            .anyMatch(stage -> id.equals(stage.deploymentId()));
                            if (used) {
                                throw new BadRequestException(
                                        "Active stages pointing to this deployment must be moved"
                                                + " or deleted");
                            }
                            tx.delete(
                                    ApiTables.DEPLOYMENTS,
                                    new ApiTables.PartKey(in.apiId(), ApiTables.DRAFT, id));
                            tx.deleteRange(ApiTables.ROUTES, ApiTables.of(in.apiId(), id));
                            tx.deleteRange(ApiTables.INTEGRATIONS, ApiTables.of(in.apiId(), id));
                            tx.deleteRange(ApiTables.AUTHORIZERS, ApiTables.of(in.apiId(), id));
                        });
        return DeleteDeploymentResponse.builder().build();
    }
}
