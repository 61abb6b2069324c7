package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The engine's messages, by the library that reads events.
final class Json {
    private static final PojoSerializer<Map<String, Object>> MAPS = maps();

    private Json() {}

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Map<String, Object>> maps() {
        return (PojoSerializer<Map<String, Object>>)
                (PojoSerializer<?>) JacksonFactory.getInstance().getSerializer(Map.class);
    }

    static Map<String, Object> read(String text) {
        return MAPS.fromJson(text);
    }

    static byte[] write(Map<String, Object> message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MAPS.toJson(message, out);
        return out.toByteArray();
    }

    static String text(Map<String, Object> message, String name) {
        Object value = message.get(name);
        return value == null ? "" : value.toString();
    }

    static @Nullable Map<String, Object> map(Map<String, Object> message, String name) {
        Object value = message.get(name);
        if (!(value instanceof Map)) {
            return null;
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) value;
        return map;
    }
}
