package dev.freehold.bootstrap;

import java.lang.reflect.Field;
import java.util.Map;

/// Gives this process the variables of its function. It was started before it had one, and the JDK
/// has no way to change them: the map behind `System.getenv()` is written to.
final class Variables {
    private Variables() {}

    static void set(Map<String, String> variables) throws ReflectiveOperationException {
        Map<String, String> view = System.getenv();
        Field field = view.getClass().getDeclaredField("m");
        field.setAccessible(true);
        @SuppressWarnings("unchecked")
        Map<String, String> behind = (Map<String, String>) field.get(view);
        behind.clear();
        behind.putAll(variables);
    }
}
