package dev.freehold.codegen;

import java.util.List;

/// What all generated files begin with.
final class Source {
    private Source() {}

    static String head(String id, List<String> imports) {
        StringBuilder out = new StringBuilder();
        out.append("// Generated from the model of ").append(id).append(". Do not edit.\n");
        out.append("package dev.freehold.api.").append(id).append(";\n\n");
        imports.forEach(name -> out.append("import ").append(name).append(";\n"));
        return out.toString();
    }
}
