package dev.freehold.bootstrap.crac;

/// Some of what is called before a snapshot has failed: the errors are the suppressed ones.
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;
}
