package dev.freehold.protocol.smithy;

import dev.freehold.protocol.HttpBinding;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceModel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.smithy.aws.traits.protocols.AwsJson1_0Trait;
import software.amazon.smithy.aws.traits.protocols.AwsJson1_1Trait;
import software.amazon.smithy.aws.traits.protocols.AwsQueryCompatibleTrait;
import software.amazon.smithy.aws.traits.protocols.AwsQueryTrait;
import software.amazon.smithy.aws.traits.protocols.RestJson1Trait;
import software.amazon.smithy.aws.traits.protocols.RestXmlTrait;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.knowledge.OperationIndex;
import software.amazon.smithy.model.knowledge.TopDownIndex;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.ServiceShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;
import software.amazon.smithy.model.traits.HttpTrait;
import software.amazon.smithy.model.traits.XmlNamespaceTrait;
import software.amazon.smithy.protocol.traits.Rpcv2CborTrait;

/// One service of Smithy's models, spoken in one protocol.
record ModelService(
        ServiceShape shape,
        Protocol protocol,
        ShapeId trait,
        ModelSchemas schemas,
        ServiceModel model,
        Map<String, OperationShape> operations) {
    private static final Map<ShapeId, Protocol> SPOKEN =
            Map.of(
                    AwsJson1_0Trait.ID, Protocol.AWS_JSON_1_0,
                    AwsJson1_1Trait.ID, Protocol.AWS_JSON_1_1,
                    RestJson1Trait.ID, Protocol.REST_JSON_1,
                    RestXmlTrait.ID, Protocol.REST_XML,
                    AwsQueryTrait.ID, Protocol.AWS_QUERY,
                    Rpcv2CborTrait.ID, Protocol.RPC_V2_CBOR);

    /// Every service in the models that speaks one of our protocols, once for each that it speaks.
    static Stream<ModelService> all(Model model) {
        return model.getServiceShapes().stream()
                .sorted()
                .flatMap(service ->
                        SPOKEN.entrySet().stream()
                                .filter(entry -> service.hasTrait(entry.getKey()))
                                .map(entry -> of(model, service, entry.getKey())));
    }

    private static ModelService of(Model model, ServiceShape service, ShapeId trait) {
        Protocol protocol = java.util.Objects.requireNonNull(SPOKEN.get(trait));
        ModelSchemas schemas = new ModelSchemas(model, protocol);
        List<Operation> operations = new ArrayList<>();
        Map<String, OperationShape> shapes = new java.util.TreeMap<>();
        for (OperationShape operation : TopDownIndex.of(model).getContainedOperations(service)) {
            operations.add(operation(model, operation, operations.size(), schemas));
            shapes.put(operation.getId().getName(), operation);
        }
        Set<ServiceModel.Trait> traits = EnumSet.noneOf(ServiceModel.Trait.class);
        if (service.hasTrait(AwsQueryCompatibleTrait.class)) {
            traits.add(ServiceModel.Trait.QUERY_COMPATIBLE);
        }
        if (service.getTrait(RestXmlTrait.class)
                .filter(RestXmlTrait::isNoErrorWrapping)
                .isPresent()) {
            traits.add(ServiceModel.Trait.S3_ERRORS);
        }
        Optional<XmlNamespaceTrait> namespace = service.getTrait(XmlNamespaceTrait.class);
        ServiceModel facts =
                new ServiceModel(
                        new ServiceModel.Names(
                                service.getId().getName().toLowerCase(Locale.ROOT),
                                service.getId().getName(),
                                "service",
                                service.getVersion()),
                        new ServiceModel.Wire(
                                List.of(protocol),
                                service.getId().getName(),
                                namespace.map(XmlNamespaceTrait::getUri).orElse(null),
                                service.getId().getNamespace(),
                                traits),
                        operations);
        return new ModelService(service, protocol, trait, schemas, facts, shapes);
    }

    private static Operation operation(
            Model model, OperationShape shape, int index, ModelSchemas schemas) {
        OperationIndex known = OperationIndex.of(model);
        HttpBinding http =
                shape.getTrait(HttpTrait.class)
                        .map(trait ->
                                new HttpBinding(
                                        trait.getMethod(),
                                        trait.getUri().toString(),
                                        trait.getCode()))
                        .orElse(HttpBinding.ROOT);
        Schema input = schemas.schema(known.expectInputShape(shape).getId());
        Schema output = schemas.schema(known.expectOutputShape(shape).getId());
        return new Operation(
                index,
                shape.getId().getName(),
                http,
                Operation.Auth.SIGV4,
                false,
                () -> input,
                () -> output,
                List::of);
    }

    /// Whether a trait's value is for this service's protocol.
    boolean speaks(ShapeId protocolTrait) {
        return trait.equals(protocolTrait);
    }

    /// The errors that its operations may answer.
    Stream<Shape> errors(Model all) {
        return operations.values().stream()
                .flatMap(operation -> operation.getErrors(shape).stream())
                .distinct()
                .map(all::expectShape);
    }
}
