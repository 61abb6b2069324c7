package dev.freehold.services.lambda.durable.state;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;

/// A payload of an execution, kept once however many rows have it.
///
/// @param number of the payload in its execution
/// @param length in bytes
public record PayloadRef(int number, int length) {
    void write(ValueWriter out) {
        out.int32(number).int32(length);
    }

    static PayloadRef read(ValueReader in) {
        return new PayloadRef(in.int32(), in.int32());
    }
}
