package dev.freehold.protocol;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The facts of one service: how it is addressed, signed and spoken to. Generated.
public final class ServiceModel {
    private final String id;
    private final String serviceId;
    private final String signingName;
    private final String apiVersion;
    private final @Nullable String targetPrefix;
    private final @Nullable String xmlNamespace;
    private final List<Protocol> protocols;
    private final boolean queryCompatible;
    private final List<Operation> operations;
    private final Map<String, Operation> byName;

    /// @param id the service's name here, which is also its package: `sqs`
    /// @param serviceId the SDKs' service id: `SQS`
    /// @param signingName the service of the credential scope: `sqs`
    /// @param apiVersion the model's version: `2012-11-05`
    /// @param targetPrefix the `X-Amz-Target` prefix of the JSON protocols, or null
    /// @param xmlNamespace the namespace of XML bodies, or null
    /// @param protocols what clients may speak, the model's own first
    /// @param queryCompatible whether errors carry `x-amzn-query-error`
    public ServiceModel(
            String id,
            String serviceId,
            String signingName,
            String apiVersion,
            @Nullable String targetPrefix,
            @Nullable String xmlNamespace,
            List<Protocol> protocols,
            boolean queryCompatible,
            List<Operation> operations) {
        this.id = id;
        this.serviceId = serviceId;
        this.signingName = signingName;
        this.apiVersion = apiVersion;
        this.targetPrefix = targetPrefix;
        this.xmlNamespace = xmlNamespace;
        this.protocols = List.copyOf(protocols);
        this.queryCompatible = queryCompatible;
        this.operations = List.copyOf(operations);
        this.byName =
                operations.stream().collect(Collectors.toMap(Operation::name, Function.identity()));
    }

    public String id() {
        return id;
    }

    public String serviceId() {
        return serviceId;
    }

    public String signingName() {
        return signingName;
    }

    public String apiVersion() {
        return apiVersion;
    }

    public @Nullable String targetPrefix() {
        return targetPrefix;
    }

    public @Nullable String xmlNamespace() {
        return xmlNamespace;
    }

    public List<Protocol> protocols() {
        return protocols;
    }

    public boolean queryCompatible() {
        return queryCompatible;
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
        return id;
    }
}
