package dev.freehold.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A policy document.
///
/// @param version `2012-10-17` or `2008-10-17`; variables are replaced only in the newer
/// @param id the document's own id, or null
/// @param statements in the document's order
public record Policy(String version, @Nullable String id, List<Statement> statements) {
    /// The version of the language that has variables.
    public static final String CURRENT_VERSION = "2012-10-17";

    public Policy {
        statements = List.copyOf(statements);
    }

    boolean hasVariables() {
        return version.equals(CURRENT_VERSION);
    }
}
