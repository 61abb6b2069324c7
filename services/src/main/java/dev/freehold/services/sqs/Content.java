package dev.freehold.services.sqs;

import dev.freehold.services.sqs.SqsTables.Attribute;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.Map;

/// A message's body and attributes.
record Content(String body, Map<String, Attribute> attributes) {
    byte[] toBytes() {
        return new ValueWriter()
                .string(body)
                .map(
                        attributes,
                        (out, a) ->
                                out.string(a.type())
                                        .optionalString(a.text())
                                        .optional(a.bytes(), (to, v) -> to.bytes(v)))
                .toBytes();
    }

    static Content of(byte[] bytes) {
        ValueReader in = new ValueReader(bytes);
        return new Content(
                in.string(),
                in.map(from ->
                        new Attribute(
                                from.string(),
                                from.optionalString(),
                                from.optional(ValueReader::bytes))));
    }
}
