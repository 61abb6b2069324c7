package dev.freehold.bootstrap.crac;

/// Where everybody registers.
public final class Core {
    private static final Context GLOBAL = new Context();

    private Core() {}

    /// The one context.
    public static Context getGlobalContext() {
        return GLOBAL;
    }

    /// @throws UnsupportedOperationException always: it is not the function that takes snapshots
    public static void checkpointRestore() {
        throw new UnsupportedOperationException();
    }
}
