package dev.freehold.codegen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A service's model, with what the generated code adds: a request and a response of its own for
/// each operation, and a number for each shape.
final class Model {
    final String id;
    final String prefix;
    final Map<String, Object> metadata;
    final List<Operation> operations = new ArrayList<>();

    /// By the name of the generated type, or of the model's shape where none is generated.
    final Map<String, Shape> shapes = new LinkedHashMap<>();

    private final Map<String, Map<String, Object>> facts;

    /// One operation.
    record Operation(int index, String name, Map<String, Object> facts, Shape input, Shape output) {
        String method() {
            return Names.member(name);
        }
    }

    /// One shape.
    ///
    /// @param number its number in the generated table of schemas
    /// @param java the generated type's name
    /// @param wire the name that it has on the wire
    record Shape(int number, String java, String wire, Map<String, Object> facts) {
        String type() {
            return (String) facts.get("type");
        }

        boolean structure() {
            return type().equals("structure") && !document();
        }

        boolean document() {
            return is("document");
        }

        boolean union() {
            return is("union") || is("eventstream");
        }

        boolean error() {
            return is("exception");
        }

        boolean is(String flag) {
            return Boolean.TRUE.equals(facts.get(flag));
        }

        @SuppressWarnings("unchecked") // so the models are
        Map<String, Map<String, Object>> members() {
            Object members = facts.get("members");
            return members == null ? Map.of() : (Map<String, Map<String, Object>>) members;
        }

        boolean required(String member) {
            return facts.get("required") instanceof List<?> names && names.contains(member);
        }
    }

    @SuppressWarnings("unchecked") // so the models are
    Model(String id, Map<String, Object> json) {
        this.id = id;
        this.metadata = (Map<String, Object>) json.get("metadata");
        this.facts = (Map<String, Map<String, Object>>) json.get("shapes");
        this.prefix = Character.toUpperCase(id.charAt(0)) + id.substring(1);
        Map<String, Map<String, Object>> all =
                (Map<String, Map<String, Object>>) json.get("operations");
        Set<String> names = new TreeSet<>(all.keySet());
        for (String name : names) {
            Map<String, Object> operation = all.get(name);
            Shape input = copy(operation.get("input"), name + "Request");
            Shape output = copy(operation.get("output"), name + "Response");
            operations.add(new Operation(operations.size(), name, operation, input, output));
        }
        for (Operation operation : operations) {
            reach(operation.input);
            reach(operation.output);
            errors(operation).forEach(error -> reach(add(error, error)));
        }
        facts.forEach((name, shape) -> {
            if (Boolean.TRUE.equals(shape.get("exception"))) {
                reach(add(name, name));
            }
        });
    }

    @SuppressWarnings("unchecked") // so the models are
    List<String> errors(Operation operation) {
        List<Map<String, Object>> errors =
                (List<Map<String, Object>>) operation.facts.getOrDefault("errors", List.of());
        return errors.stream().map(error -> (String) error.get("shape")).toList();
    }

    /// The shape that a member (an element, a key, a value) has.
    Shape target(Map<String, Object> reference) {
        String name = (String) reference.get("shape");
        Shape shape = shapes.get(name);
        return shape == null ? add(name, name) : shape;
    }

    private Shape copy(Object reference, String java) {
        if (!(reference instanceof Map<?, ?> facts)) {
            return put(java, "Unit", Map.of("type", "structure"));
        }
        String name = (String) facts.get("shape");
        String wire = facts.get("root") instanceof String root ? root : name;
        return put(java, wire, shapeFacts(name));
    }

    private Map<String, Object> shapeFacts(String name) {
        Map<String, Object> shape = facts.get(name);
        if (shape == null) {
            throw new IllegalStateException(id + " has no shape " + name);
        }
        return shape;
    }

    private Shape add(String key, String name) {
        Shape known = shapes.get(key);
        return known == null ? put(key, name, shapeFacts(name)) : known;
    }

    private Shape put(String key, String wire, Map<String, Object> facts) {
        if (shapes.containsKey(key)) {
            throw new IllegalStateException(id + " has two shapes " + key);
        }
        Shape shape = new Shape(shapes.size(), Names.type(prefix, key), wire, facts);
        shapes.put(key, shape);
        return shape;
    }

    private void reach(Shape shape) {
        List<Map<String, Object>> references = new ArrayList<>(shape.members().values());
        for (String part : List.of("member", "key", "value")) {
            if (shape.facts.get(part) instanceof Map<?, ?> reference) {
                references.add(castReference(reference));
            }
        }
        for (Map<String, Object> reference : references) {
            String name = (String) reference.get("shape");
            if (!shapes.containsKey(name)) {
                reach(add(name, name));
            }
        }
    }

    @SuppressWarnings("unchecked") // so the models are
    static Map<String, Object> castReference(Object reference) {
        return (Map<String, Object>) reference;
    }
}
