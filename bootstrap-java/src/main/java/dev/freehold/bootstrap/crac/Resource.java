package dev.freehold.bootstrap.crac;

/// What wants to be told.
public interface Resource {
    /// A snapshot is about to be taken.
    void beforeCheckpoint(Context context) throws Exception;

    /// The process is one that was restored.
    void afterRestore(Context context) throws Exception;
}
