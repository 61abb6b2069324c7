package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what a handler's name means: `package.Class`, which implements one of AWS's interfaces, or
/// `package.Class::method`.
final class HandlerLoader {
    private final Values values;
    private final Class<?> type;

    private HandlerLoader(Values values, Class<?> type) {
        this.values = values;
        this.type = type;
    }

    /// @throws Failure when there is no such handler
    static Handler load(String name, ClassLoader loader) throws Throwable {
        int colons = name.indexOf("::");
        String className = colons < 0 ? name : name.substring(0, colons);
        Class<?> type;
        try {
            type = Class.forName(className, true, loader);
        } catch (ClassNotFoundException e) {
            throw new Failure("Class not found: " + className, e);
        } catch (LinkageError e) {
            Throwable cause = e instanceof ExceptionInInitializerError ? e.getCause() : e;
            Throwable shown = cause == null ? e : cause;
            String message = shown.getMessage() == null ? "" : ": " + shown.getMessage();
            throw new Failure("Error loading class " + className + message, shown);
        }
        HandlerLoader of = new HandlerLoader(new Values(loader), type);
        return colons < 0 ? of.byInterface() : of.byMethod(name.substring(colons + 2));
    }

    private Object instance() throws Throwable {
        try {
            return type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            throw new Failure(
                    "Class " + type.getName() + " has no public zero-argument constructor", e);
        } catch (InstantiationException e) {
            throw new Failure("Class " + type.getName() + " cannot be instantiated", e);
        }
    }

    private Handler byInterface() throws Throwable {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            RequestStreamHandler made = (RequestStreamHandler) instance();
            return (event, answer, context) ->
                    made.handleRequest(new ByteArrayInputStream(event), answer, context);
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw new Failure(
                    "Class "
                            + type.getName()
                            + " does not implement an appropriate handler interface",
                    null);
        }
        @SuppressWarnings("unchecked")
        RequestHandler<@Nullable Object, @Nullable Object> made =
                (RequestHandler<@Nullable Object, @Nullable Object>) instance();
        Type[] types = Generics.arguments(type, RequestHandler.class);
        return (event, answer, context) ->
                values.write(
                        made.handleRequest(Input.read(values, types[0], event), context),
                        types[1],
                        answer);
    }

    private Handler byMethod(String name) throws Throwable {
        List<Method> found = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && !method.isBridge() && fits(method)) {
                found.add(method);
            }
        }
        Method best =
                found.stream()
                        .max(
                                Comparator.comparing(HandlerLoader::endsWithContext)
                                        .thenComparing(Method::getParameterCount))
                        .orElse(null);
        if (best == null) {
            throw new Failure(
                    "No public method named "
                            + name
                            + " with appropriate method signature found on class "
                            + type.getName(),
                    null);
        }
        Object made = Modifier.isStatic(best.getModifiers()) ? null : instance();
        best.setAccessible(true);
        return call(best, made);
    }

    private static boolean endsWithContext(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length > 0 && types[types.length - 1] == Context.class;
    }

    private static boolean streams(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length >= 2 && types[0] == InputStream.class && types[1] == OutputStream.class;
    }

    private static boolean fits(Method method) {
        int count = method.getParameterCount();
        int own = endsWithContext(method) ? count - 1 : count;
        return own <= 1 || (own == 2 && streams(method));
    }

    private Handler call(Method method, @Nullable Object made) {
        Type[] types = Generics.parameters(method, type);
        Type returned = Generics.returned(method, type);
        boolean withContext = endsWithContext(method);
        return (event, answer, context) -> {
            List<@Nullable Object> arguments = new ArrayList<>();
            if (streams(method)) {
                arguments.addAll(Arrays.asList(new ByteArrayInputStream(event), answer));
            } else if (types.length > (withContext ? 1 : 0)) {
                arguments.add(Input.read(values, types[0], event));
            }
            if (withContext) {
                arguments.add(context);
            }
            Object result = method.invoke(made, arguments.toArray());
            if (!streams(method)) {
                values.write(result, returned == void.class ? Object.class : returned, answer);
            }
        };
    }

    /// An event's value, and what AWS says when it is none.
    private static final class Input {
        static @Nullable Object read(Values values, Type type, byte[] event) {
            if (type == InputStream.class) {
                return new ByteArrayInputStream(event);
            }
            try {
                return values.read(type, event);
            } catch (RuntimeException e) {
                throw new RuntimeException("An error occurred during JSON parsing", e.getCause());
            }
        }
    }
}
