package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Reads events into the types of handlers, and writes what they return: by the serializer that the
/// function brings, else by AWS's own, which knows the event types.
final class Values {
    private final ClassLoader loader;
    private final @Nullable CustomPojoSerializer custom;

    Values(ClassLoader loader) {
        this.loader = loader;
        Iterator<CustomPojoSerializer> found =
                ServiceLoader.load(CustomPojoSerializer.class, loader).iterator();
        this.custom = found.hasNext() ? found.next() : null;
    }

    @Nullable Object read(Type type, byte[] event) {
        if (type == Void.class || type == void.class) {
            return null;
        }
        try {
            if (custom != null) {
                return custom.fromJson(new ByteArrayInputStream(event), type);
            }
            byte[] json = event.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : event;
            return serializer(type).fromJson(new ByteArrayInputStream(json));
        } catch (RuntimeException e) {
            throw new RuntimeException("An error occurred during JSON parsing", e);
        }
    }

    void write(@Nullable Object value, Type type, OutputStream answer) throws IOException {
        if (type == Void.class || type == void.class) {
            answer.write("null".getBytes(StandardCharsets.UTF_8));
            return;
        }
        try {
            if (custom != null) {
                custom.toJson(value, answer, type);
                return;
            }
            serializer(type).toJson(value, answer);
        } catch (RuntimeException e) {
            throw new RuntimeException(
                    "An error occurred during JSON serialization of response", e);
        }
    }

    @SuppressWarnings("unchecked")
    private PojoSerializer<@Nullable Object> serializer(Type type) {
        PojoSerializer<?> found =
                type instanceof Class
                                && LambdaEventSerializers.isLambdaSupportedEvent(
                                        ((Class<?>) type).getName())
                        ? LambdaEventSerializers.serializerFor((Class<?>) type, loader)
                        : JacksonFactory.getInstance().getSerializer(type);
        return (PojoSerializer<@Nullable Object>) found;
    }
}
