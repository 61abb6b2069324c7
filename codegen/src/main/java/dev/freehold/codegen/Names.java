package dev.freehold.codegen;

import java.util.Locale;
import java.util.Set;

/// Java's names for a model's, as AWS's SDK for Java 2 forms them.
final class Names {
    private static final Set<String> KEYWORDS =
            Set.of(
                    "abstract",
                    "assert",
                    "boolean",
                    "break",
                    "byte",
                    "case",
                    "catch",
                    "char",
                    "class",
                    "const",
                    "continue",
                    "default",
                    "do",
                    "double",
                    "else",
                    "enum",
                    "extends",
                    "final",
                    "finally",
                    "float",
                    "for",
                    "goto",
                    "if",
                    "implements",
                    "import",
                    "instanceof",
                    "int",
                    "interface",
                    "long",
                    "native",
                    "new",
                    "package",
                    "private",
                    "protected",
                    "public",
                    "return",
                    "short",
                    "static",
                    "strictfp",
                    "super",
                    "switch",
                    "synchronized",
                    "this",
                    "throw",
                    "throws",
                    "transient",
                    "try",
                    "void",
                    "volatile",
                    "while",
                    "true",
                    "false",
                    "null");

    /// Methods that a record has anyway, or that every structure has.
    private static final Set<String> TAKEN =
            Set.of(
                    "clone",
                    "finalize",
                    "getClass",
                    "hashCode",
                    "notify",
                    "notifyAll",
                    "toString",
                    "wait",
                    "schema",
                    "builder",
                    "toBuilder",
                    "equals",
                    "body",
                    "shape");

    private static final Set<String> JAVA_LANG =
            Set.of(
                    "Object",
                    "Error",
                    "Record",
                    "Class",
                    "Process",
                    "Void",
                    "Package",
                    "Module",
                    "Runtime",
                    "Thread",
                    "Iterable",
                    "Override",
                    "Character",
                    "String",
                    "Boolean",
                    "Number",
                    "Integer",
                    "Long",
                    "Float",
                    "Double",
                    "Enum",
                    "Exception",
                    "Byte",
                    "Short",
                    "Deprecated",
                    "System",
                    "Math");

    private Names() {}

    /// A member's: its leading capitals become small, but for the one that begins a word.
    static String member(String name) {
        int capitals = 0;
        while (capitals < name.length() && Character.isUpperCase(name.charAt(capitals))) {
            capitals++;
        }
        boolean word =
                capitals > 1
                        && capitals < name.length()
                        && Character.isLowerCase(name.charAt(capitals));
        int small = word ? capitals - 1 : capitals;
        String java = name.substring(0, small).toLowerCase(Locale.ROOT) + name.substring(small);
        java = java.replaceAll("[^A-Za-z0-9_]", "_");
        return KEYWORDS.contains(java) || TAKEN.contains(java) ? java + "Value" : java;
    }

    /// A type's.
    static String type(String prefix, String name) {
        String java = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return JAVA_LANG.contains(java) ? prefix + java : java;
    }

    /// A constant's, for a value of an enumeration.
    static String constant(String value) {
        String spaced = value.replaceAll("([a-z0-9])([A-Z])", "$1_$2");
        String java = spaced.replaceAll("[^A-Za-z0-9]+", "_").toUpperCase(Locale.ROOT);
        java = java.replaceAll("^_+|_+$", "");
        return java.isEmpty() || Character.isDigit(java.charAt(0)) ? "VALUE_" + java : java;
    }

    /// A text as a Java literal.
    static String literal(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7E) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
