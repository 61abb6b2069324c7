package dev.freehold.services.lambda.durable.state;

import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;

/// An execution's place: names are unique within a function, whatever version runs.
public record ExecutionKey(FunctionId function, String name) {
    void write(KeyWriter out) {
        out.string(function.account())
                .string(function.region())
                .string(function.name())
                .string(name);
    }

    static ExecutionKey read(KeyReader in) {
        return new ExecutionKey(new FunctionId(in.string(), in.string(), in.string()), in.string());
    }
}
