package dev.freehold.bootstrap.crac;

/// Some of what is called after the restore has failed: the errors are the suppressed ones.
public final class RestoreException extends Exception {
    private static final long serialVersionUID = 1L;
}
