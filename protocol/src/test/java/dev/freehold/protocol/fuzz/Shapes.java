package dev.freehold.protocol.fuzz;

import dev.freehold.protocol.HttpBinding;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceModel;
import java.util.List;
import java.util.Set;

/// A service whose one operation takes [Everything].
final class Shapes {
    static final Operation OPERATION =
            new Operation(
                    0,
                    "A",
                    HttpBinding.ROOT,
                    Operation.Auth.NONE,
                    false,
                    () -> Everything.SCHEMA,
                    () -> Everything.SCHEMA,
                    List::of);

    static final ServiceModel SERVICE =
            new ServiceModel(
                    new ServiceModel.Names("a", "A", "a", "2026-01-01"),
                    new ServiceModel.Wire(List.of(Protocol.AWS_QUERY), null, null, "a", Set.of()),
                    List.of(OPERATION));

    private Shapes() {}
}
