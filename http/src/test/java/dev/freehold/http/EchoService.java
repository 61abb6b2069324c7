package dev.freehold.http;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Details;
import dev.freehold.protocol.HttpBinding;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A service with one operation, which says its input again, and another that fails.
final class EchoService implements Service {
    private static final Constraints SHORT = new Constraints(1L, 5L, null, List.of());

    private static final Schema INPUT =
            Schema.structure(
                    "EchoRequest",
                    Schema.Type.STRUCTURE,
                    List.of(
                            Member.of(0, "Text", Schema.simple("Text", Schema.Type.STRING, SHORT))
                                    .asRequired()),
                    Input::new);

    private final ServiceModel model;

    EchoService(Protocol protocol, Set<ServiceModel.Trait> traits) {
        model =
                new ServiceModel(
                        new ServiceModel.Names("echo", "Echo", "echo", "2026-01-01"),
                        new ServiceModel.Wire(
                                List.of(protocol, Protocol.RPC_V2_CBOR),
                                "Echo_20260101",
                                null,
                                "com.amazonaws.echo",
                                traits),
                        List.of(operation(0, "Echo"), operation(1, "Fail")));
    }

    private static Operation operation(int index, String name) {
        return new Operation(
                index,
                name,
                HttpBinding.ROOT,
                Operation.Auth.SIGV4,
                false,
                () -> INPUT,
                () -> new Details(Map.of("Text", "")).schema(),
                List::of);
    }

    @Override
    public ServiceModel model() {
        return model;
    }

    @Override
    public Structure call(Operation operation, Structure input, Caller caller) {
        if (operation.name().equals("Fail")) {
            throw new IllegalStateException("a bug");
        }
        return new Details(Map.of("Text", String.valueOf(Objects.requireNonNull(input.member(0)))));
    }

    private static final class Input implements StructureBuilder, Structure {
        private @Nullable Object text;

        @Override
        public void set(int index, Object value) {
            text = value;
        }

        @Override
        public Structure build() {
            return this;
        }

        @Override
        public Schema schema() {
            return INPUT;
        }

        @Override
        public @Nullable Object member(int index) {
            return text;
        }
    }
}
