package dev.freehold.protocol;

/// Collects the members of one structure while it is decoded; generated builders implement it.
public interface StructureBuilder {
    /// Sets the member with that index to a value of the Java type that [Schema] fixes.
    void set(int index, Object value);

    /// The value. It checks nothing: constraints are checked by [Validation], which can tell a
    /// client what is wrong, and before any operation is called.
    Structure build();
}
