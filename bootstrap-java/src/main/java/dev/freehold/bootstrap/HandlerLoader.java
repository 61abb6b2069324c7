package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
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
        int colons = name.lastIndexOf("::");
        String className = colons < 0 ? name : name.substring(0, colons);
        String method = colons < 0 ? null : name.substring(colons + 2);
        if (className.isEmpty() || (method != null && method.isEmpty())) {
            throw Failure.later("Invalid handler: `" + name + "'", null);
        }
        Class<?> type;
        try {
            type = Class.forName(className, true, loader);
        } catch (ClassNotFoundException e) {
            throw Failure.later("Class not found: " + className, e);
        } catch (NoClassDefFoundError e) {
            throw Failure.later(loading(className, e), e);
        } catch (Throwable e) {
            throw Failure.fatal(loading(className, e), e);
        }
        HandlerLoader of = new HandlerLoader(new Values(loader), type);
        return method == null ? of.byInterface() : of.byMethod(method);
    }

    private static String loading(String className, Throwable error) {
        String message = error.getMessage();
        return "Error loading class " + className + (message == null ? "" : ": " + message);
    }

    private Object instance() throws Failure {
        try {
            return type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            boolean inner =
                    type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            String name = "Class " + type.getName();
            String message =
                    inner
                            ? name
                                    + " cannot be instantiated because it is a non-static inner"
                                    + " class"
                            : name + " has no public zero-argument constructor";
            throw Failure.later(message, new Exception(message, inner ? null : e));
        } catch (InvocationTargetException e) {
            Throwable thrown = Failure.thrown(e);
            throw Failure.fatal(Failure.message(thrown), thrown);
        } catch (ReflectiveOperationException e) {
            throw Failure.later(Failure.message(e), e);
        }
    }

    private Handler byInterface() throws Throwable {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            RequestStreamHandler made = (RequestStreamHandler) instance();
            return (event, answer, context) ->
                    made.handleRequest(new ByteArrayInputStream(event), answer, context);
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw Failure.later(
                    "Class does not implement an appropriate handler interface: " + type.getName(),
                    null);
        }
        Type[] types = Generics.arguments(type, RequestHandler.class);
        if (types == null) {
            throw Failure.later(
                    "Class "
                            + type.getName()
                            + " does not implement RequestHandler with concrete type parameters",
                    null);
        }
        @SuppressWarnings("unchecked")
        RequestHandler<@Nullable Object, @Nullable Object> made =
                (RequestHandler<@Nullable Object, @Nullable Object>) instance();
        return (event, answer, context) ->
                values.write(
                        made.handleRequest(values.read(types[0], event), context),
                        types[1],
                        answer);
    }

    private Handler byMethod(String name) throws Failure {
        List<Method> found = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && !method.isBridge() && new Shape(method).fits) {
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
            throw Failure.later(
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

    /// What a handler is called with, and answers by.
    private static final class Shape {
        private final boolean fits;
        private final boolean context;
        private final boolean input;
        private final boolean output;
        private final boolean event;

        Shape(Method method) {
            List<Class<?>> types = new ArrayList<>(Arrays.asList(method.getParameterTypes()));
            context = endsWithContext(method);
            if (context) {
                types.remove(types.size() - 1);
            }
            input = !types.isEmpty() && types.get(0) == InputStream.class;
            if (input) {
                types.remove(0);
            }
            output = !types.isEmpty() && types.get(0) == OutputStream.class;
            if (output) {
                types.remove(0);
            }
            event = !input && !output && types.size() == 1 && types.get(0) != Context.class;
            fits = types.size() == (event ? 1 : 0);
        }
    }

    private Handler call(Method method, @Nullable Object made) {
        Type[] types = Generics.parameters(method, type);
        Type returned = Generics.returned(method, type);
        Shape shape = new Shape(method);
        return (event, answer, context) -> {
            List<@Nullable Object> arguments = new ArrayList<>();
            if (shape.input) {
                arguments.add(new ByteArrayInputStream(event));
            }
            if (shape.output) {
                arguments.add(answer);
            }
            if (shape.event) {
                arguments.add(values.read(types[0], event));
            }
            if (shape.context) {
                arguments.add(context);
            }
            Object result = method.invoke(made, arguments.toArray());
            // AWS: who reads the bytes writes them, or answers nothing.
            if (!shape.output) {
                values.write(result, shape.input ? void.class : returned, answer);
            }
        };
    }
}
