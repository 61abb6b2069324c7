package dev.freehold.protocol;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The facts of one service: how it is addressed, signed and spoken to. Generated.
public final class ServiceModel {
    private final Names names;
    private final Wire wire;
    private final List<Operation> operations;
    private final Map<String, Operation> byName;

    /// What a service is called.
    ///
    /// @param id its name here, which is also its package: `sqs`
    /// @param serviceId the SDKs' service id: `SQS`
    /// @param signingName the service of the credential scope: `sqs`
    /// @param apiVersion the model's version: `2012-11-05`
    public record Names(String id, String serviceId, String signingName, String apiVersion) {}

    /// How a service speaks.
    ///
    /// @param protocols what clients may speak, the model's own first
    /// @param targetPrefix the `X-Amz-Target` prefix of the JSON protocols, or null
    /// @param xmlNamespace the namespace of XML bodies, or null
    /// @param errorNamespace what stands before the names of its errors: `com.amazonaws.sqs`
    /// @param traits what it does otherwise than most
    public record Wire(
            List<Protocol> protocols,
            @Nullable String targetPrefix,
            @Nullable String xmlNamespace,
            String errorNamespace,
            Set<Trait> traits) {
        public Wire {
            protocols = List.copyOf(protocols);
            traits = Set.copyOf(traits);
        }
    }

    /// What a service does otherwise than most.
    public enum Trait {
        /// Errors carry `x-amzn-query-error`: it once spoke query.
        QUERY_COMPATIBLE,
        /// Errors are S3's: in XML without an `ErrorResponse` around them, with names and headers
        /// of their own.
        S3_ERRORS
    }

    public ServiceModel(Names names, Wire wire, List<Operation> operations) {
        this.names = names;
        this.wire = wire;
        this.operations = List.copyOf(operations);
        this.byName =
                operations.stream().collect(Collectors.toMap(Operation::name, Function.identity()));
    }

    public String id() {
        return names.id();
    }

    public String serviceId() {
        return names.serviceId();
    }

    public String signingName() {
        return names.signingName();
    }

    public String apiVersion() {
        return names.apiVersion();
    }

    public @Nullable String targetPrefix() {
        return wire.targetPrefix();
    }

    public @Nullable String xmlNamespace() {
        return wire.xmlNamespace();
    }

    public List<Protocol> protocols() {
        return wire.protocols();
    }

    public boolean has(Trait trait) {
        return wire.traits().contains(trait);
    }

    /// An error's name with its namespace, as awsJson 1.0 and RPC v2 send it.
    public String errorType(ServiceError error) {
        String name = error.shape().name();
        if (error instanceof CommonError) {
            return name.equals("ValidationException")
                    ? "com.amazon.coral.validate#ValidationException"
                    : "com.amazon.coral.service#" + name;
        }
        return wire.errorNamespace() + "#" + name;
    }

    public List<Operation> operations() {
        return operations;
    }

    /// The operation of that name, or null.
    public @Nullable Operation operation(String name) {
        return byName.get(name);
    }

    @Override
    public String toString() {
        return names.id();
    }
}
