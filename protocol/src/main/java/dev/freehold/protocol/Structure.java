package dev.freehold.protocol;

import org.jspecify.annotations.Nullable;

/// A value of a structure or union shape; generated records implement it.
public interface Structure {
    /// The shape of this value.
    Schema schema();

    /// The member's value, of the Java type that [Schema] fixes for its type, or null when absent.
    ///
    /// @param index the member's index in [#schema()]
    @Nullable Object member(int index);
}
