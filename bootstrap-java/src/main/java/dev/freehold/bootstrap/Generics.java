package dev.freehold.bootstrap;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What type variables stand for in a class.
final class Generics {
    private Generics() {}

    /// What a class gives the parameters of an interface that it implements; null when it does not
    /// say.
    static Type @Nullable [] arguments(Class<?> type, Class<?> wanted) {
        Map<TypeVariable<?>, Type> bound = bound(type);
        TypeVariable<?>[] variables = wanted.getTypeParameters();
        Type[] arguments = new Type[variables.length];
        for (int i = 0; i < variables.length; i++) {
            Type known = variables[i];
            while (known instanceof TypeVariable && bound.containsKey(known)) {
                known = bound.get((TypeVariable<?>) known);
            }
            boolean open = known instanceof TypeVariable;
            if (open && ((TypeVariable<?>) known).getBounds()[0] == Object.class) {
                return null;
            }
            arguments[i] = resolve(variables[i], bound);
        }
        return arguments;
    }

    static Type[] parameters(Method method, Class<?> type) {
        Map<TypeVariable<?>, Type> bound = bound(type);
        Type[] types = method.getGenericParameterTypes();
        for (int i = 0; i < types.length; i++) {
            types[i] = resolve(types[i], bound);
        }
        return types;
    }

    static Type returned(Method method, Class<?> type) {
        return resolve(method.getGenericReturnType(), bound(type));
    }

    private static Map<TypeVariable<?>, Type> bound(Class<?> type) {
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        collect(type, bound);
        return bound;
    }

    private static void collect(Type type, Map<TypeVariable<?>, Type> bound) {
        Class<?> raw;
        if (type instanceof ParameterizedType) {
            ParameterizedType given = (ParameterizedType) type;
            raw = (Class<?>) given.getRawType();
            Type[] arguments = given.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                bound.put(raw.getTypeParameters()[i], arguments[i]);
            }
        } else {
            raw = (Class<?>) type;
        }
        for (Type each : raw.getGenericInterfaces()) {
            collect(each, bound);
        }
        Type parent = raw.getGenericSuperclass();
        if (parent != null) {
            collect(parent, bound);
        }
    }

    private static Type resolve(Type type, Map<TypeVariable<?>, Type> bound) {
        Type known = type;
        while (known instanceof TypeVariable) {
            TypeVariable<?> variable = (TypeVariable<?>) known;
            Type next = bound.get(variable);
            known = next == null || next == variable ? variable.getBounds()[0] : next;
        }
        if (known instanceof ParameterizedType) {
            return new Resolved((ParameterizedType) known, bound);
        }
        return known instanceof GenericArrayType ? Object[].class : known;
    }

    /// A parameterised type whose variables are known.
    private static final class Resolved implements ParameterizedType {
        private final ParameterizedType from;
        private final Map<TypeVariable<?>, Type> bound;

        Resolved(ParameterizedType from, Map<TypeVariable<?>, Type> bound) {
            this.from = from;
            this.bound = bound;
        }

        @Override
        public Type[] getActualTypeArguments() {
            Type[] arguments = from.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = resolve(arguments[i], bound);
            }
            return arguments;
        }

        @Override
        public Type getRawType() {
            return from.getRawType();
        }

        @Override
        @SuppressWarnings("NullAway") // as the interface: null when it is in no other
        public Type getOwnerType() {
            return from.getOwnerType();
        }
    }
}
