package dev.freehold.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Writes what a service has once: its model, its interface, the dispatch to it, and the client
/// that other services of the same process call it by.
final class ServiceSource {
    private final Model model;

    ServiceSource(Model model) {
        this.model = model;
    }

    String api() {
        StringBuilder out =
                new StringBuilder(Source.head(model.id, List.of("dev.freehold.protocol.Caller")));
        out.append(
                "\n/// The operations of the service; each answers \"not implemented\" until it is overridden.\n");
        out.append("public interface %sApi {\n".formatted(model.prefix));
        for (Model.Operation operation : model.operations) {
            out.append(
                    """
                        default %s %s(%s input, Caller caller) {
                            throw new dev.freehold.protocol.NotImplementedError(%sModel.MODEL, "%s");
                        }

                    """
                            .formatted(
                                    operation.output().java(),
                                    operation.method(),
                                    operation.input().java(),
                                    model.prefix,
                                    operation.name()));
        }
        return out.append("}\n").toString();
    }

    String dispatch() {
        StringBuilder cases = new StringBuilder();
        for (Model.Operation operation : model.operations) {
            cases.append(
                    "            case %d -> api.%s((%s) input, caller);\n"
                            .formatted(
                                    operation.index(),
                                    operation.method(),
                                    operation.input().java()));
        }
        return Source.head(model.id, List.of())
                + DISPATCH.replace("$CASES", cases).replace("$PREFIX", model.prefix);
    }

    private static final String DISPATCH =
            """
            import dev.freehold.protocol.Caller;
            import dev.freehold.protocol.Operation;
            import dev.freehold.protocol.Service;
            import dev.freehold.protocol.ServiceModel;
            import dev.freehold.protocol.Structure;

            /// Hands each operation to its method.
            public final class $PREFIXDispatch implements Service {
                private final $PREFIXApi api;

                public $PREFIXDispatch($PREFIXApi api) {
                    this.api = api;
                }

                @Override
                public ServiceModel model() {
                    return $PREFIXModel.MODEL;
                }

                @Override
                public Structure call(Operation operation, Structure input, Caller caller) {
                    return switch (operation.index()) {
            $CASES            default -> throw new IllegalArgumentException(operation.name());
                    };
                }
            }
            """;

    String client() {
        StringBuilder methods = new StringBuilder();
        for (Model.Operation operation : model.operations) {
            methods.append(
                    """

                        @Override
                        public %s %s(%s input, Caller caller) {
                            return (%s) call(%d, input, caller);
                        }
                    """
                            .formatted(
                                    operation.output().java(),
                                    operation.method(),
                                    operation.input().java(),
                                    operation.output().java(),
                                    operation.index()));
        }
        return Source.head(model.id, List.of())
                + CLIENT.replace("$METHODS", methods).replace("$PREFIX", model.prefix);
    }

    private static final String CLIENT =
            """
            import dev.freehold.protocol.Caller;
            import dev.freehold.protocol.Service;
            import dev.freehold.protocol.Structure;

            /// Calls the service through any [Service], such as one that authorises first.
            public final class $PREFIXClient implements $PREFIXApi {
                private final Service service;

                public $PREFIXClient(Service service) {
                    this.service = service;
                }

                private Structure call(int operation, Structure input, Caller caller) {
                    return service.call($PREFIXModel.MODEL.operations().get(operation), input, caller);
                }
            $METHODS}
            """;

    String model() {
        StringJoiner operations = new StringJoiner(",\n                            ");
        StringBuilder errors = new StringBuilder();
        for (Model.Operation operation : model.operations) {
            operations.add(operation(operation));
            StringJoiner shapes = new StringJoiner(", ");
            model.errors(operation)
                    .forEach(error -> shapes.add(model.shapes.get(error).java() + ".SHAPE"));
            errors.append(
                    "                case %d -> List.of(%s);\n"
                            .formatted(operation.index(), shapes));
        }
        return Source.head(model.id, List.of())
                + MODEL.replace("$OPERATIONS", operations.toString())
                        .replace("$ERRORS", errors)
                        .replace("$FACTS", facts())
                        .replace("$PREFIX", model.prefix);
    }

    private static final String MODEL =
            """
            import dev.freehold.protocol.ErrorShape;
            import dev.freehold.protocol.HttpBinding;
            import dev.freehold.protocol.Operation;
            import dev.freehold.protocol.Protocol;
            import dev.freehold.protocol.ServiceModel;
            import java.util.List;
            import java.util.Set;
            import java.util.function.Supplier;

            /// The facts of the service.
            public final class $PREFIXModel {
                public static final ServiceModel MODEL =
                        new ServiceModel(
                                $FACTS,
                                List.of(
                                        $OPERATIONS));

                private $PREFIXModel() {}

                /// The errors of an operation, listed on first use.
                private record Errors(int operation) implements Supplier<List<ErrorShape>> {
                    @Override
                    public List<ErrorShape> get() {
                        return switch (operation) {
            $ERRORS                default -> throw new IllegalArgumentException();
                        };
                    }
                }
            }
            """;

    private String facts() {
        Map<String, Object> metadata = model.metadata;
        String endpoint = (String) metadata.get("endpointPrefix");
        String names =
                String.join(
                        ", ",
                        Names.literal(model.id),
                        Names.literal((String) metadata.get("serviceId")),
                        Names.literal((String) metadata.getOrDefault("signingName", endpoint)),
                        Names.literal((String) metadata.get("apiVersion")));
        String wire =
                String.join(
                        ", ",
                        protocols(),
                        nullable(metadata.get("targetPrefix")),
                        nullable(metadata.getOrDefault("xmlNamespace", s3Namespace())),
                        Names.literal(errorNamespace()),
                        traits());
        return "new ServiceModel.Names(%s), new ServiceModel.Wire(%s)".formatted(names, wire);
    }

    /// The models don't say; clients cut it off.
    private String errorNamespace() {
        return model.id.startsWith("dynamodb")
                ? "com.amazonaws.dynamodb.v20120810"
                : "com.amazonaws." + model.id;
    }

    private String traits() {
        StringJoiner traits = new StringJoiner(", ", "Set.of(", ")");
        if (model.metadata.containsKey("awsQueryCompatible")) {
            traits.add("ServiceModel.Trait.QUERY_COMPATIBLE");
        }
        if (model.id.equals("s3")) {
            // The models don't say, and the SDKs know it by the service's name too.
            traits.add("ServiceModel.Trait.S3_ERRORS");
        }
        return traits.toString();
    }

    /// The model of S3 gives it on inputs only.
    private @Nullable String s3Namespace() {
        return model.id.equals("s3") ? "http://s3.amazonaws.com/doc/2006-03-01/" : null;
    }

    private static String nullable(@Nullable Object text) {
        return text == null ? "null" : Names.literal((String) text);
    }

    private String protocols() {
        Set<String> protocols = new TreeSet<>();
        List<String> names = new ArrayList<>();
        names.add((String) model.metadata.get("protocol"));
        if (model.metadata.get("protocols") instanceof List<?> more) {
            more.forEach(name -> names.add((String) name));
        }
        StringJoiner constants = new StringJoiner(", ", "List.of(", ")");
        for (String name : names) {
            if (protocols.add(name)) {
                constants.add("Protocol." + protocol(name));
            }
        }
        return constants.toString();
    }

    private String protocol(String name) {
        return switch (name) {
            case "json" ->
                    "AWS_JSON_" + ((String) model.metadata.get("jsonVersion")).replace('.', '_');
            case "rest-json" -> "REST_JSON_1";
            case "rest-xml" -> "REST_XML";
            case "query" -> "AWS_QUERY";
            case "smithy-rpc-v2-cbor" -> "RPC_V2_CBOR";
            default -> throw new IllegalStateException("protocol " + name);
        };
    }

    private String operation(Model.Operation operation) {
        Map<String, Object> http = Model.castReference(operation.facts().get("http"));
        String method = (String) http.get("method");
        String uri = (String) http.get("requestUri");
        long status = http.get("responseCode") instanceof Long code ? code : 200;
        String binding =
                method.equals("POST") && uri.equals("/") && status == 200
                        ? "HttpBinding.ROOT"
                        : "new HttpBinding(%s, %s, %d)"
                                .formatted(Names.literal(method), Names.literal(uri), status);
        return "new Operation(%d, %s, %s, Operation.Auth.%s, %s, new %sShapes.Ref(%d), new %sShapes.Ref(%d), new Errors(%d))"
                .formatted(
                        operation.index(),
                        Names.literal(operation.name()),
                        binding,
                        auth(operation),
                        checksumRequired(operation),
                        model.prefix,
                        operation.input().number(),
                        model.prefix,
                        operation.output().number(),
                        operation.index());
    }

    private static String auth(Model.Operation operation) {
        Object type = operation.facts().get("authtype");
        boolean open =
                "none".equals(type)
                        || (operation.facts().get("auth") instanceof List<?> list
                                && list.contains("smithy.api#noAuth"));
        if (open) {
            return "NONE";
        }
        boolean unsigned =
                "v4-unsigned-body".equals(type)
                        || Boolean.TRUE.equals(operation.facts().get("unsignedPayload"));
        return unsigned ? "SIGV4_UNSIGNED_BODY" : "SIGV4";
    }

    private static boolean checksumRequired(Model.Operation operation) {
        return Boolean.TRUE.equals(operation.facts().get("httpChecksumRequired"))
                || (operation.facts().get("httpChecksum") instanceof Map<?, ?> checksum
                        && Boolean.TRUE.equals(checksum.get("requestChecksumRequired")));
    }
}
