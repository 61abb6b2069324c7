package dev.freehold.protocol.smithy;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A structure whose shape is known only when it runs. Streams are read when it is made, so that
/// two can be compared.
record DynamicStructure(Supplier<Schema> shape, Map<String, Object> values) implements Structure {
    static StructureBuilder builder(Supplier<Schema> shape) {
        return new Builder(shape);
    }

    @Override
    public Schema schema() {
        return shape.get();
    }

    @Override
    public @Nullable Object member(int index) {
        return values.get(schema().members().get(index).name());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DynamicStructure structure && values.equals(structure.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private static Object read(Object value) {
        if (!(value instanceof ByteStream stream)) {
            return value;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            stream.transferTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Blob.wrap(bytes.toByteArray());
    }

    private static final class Builder implements StructureBuilder {
        private final Supplier<Schema> shape;
        private final Map<String, Object> values = new TreeMap<>();

        Builder(Supplier<Schema> shape) {
            this.shape = shape;
        }

        @Override
        public void set(int index, Object value) {
            Object read = read(value);
            if (value instanceof ByteStream && read.equals(Blob.EMPTY)) {
                return; // to the tests, an empty body is none
            }
            values.put(shape.get().members().get(index).name(), read);
        }

        @Override
        public Structure build() {
            return new DynamicStructure(shape, new TreeMap<>(values));
        }
    }
}
