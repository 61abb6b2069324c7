package dev.freehold.services.lambda.state;

/// A version of a function.
///
/// @param number 1 and up; 0 is `$LATEST`
public record VersionKey(FunctionId function, int number) {
    public static final String LATEST = "$LATEST";

    public static VersionKey latest(FunctionId function) {
        return new VersionKey(function, 0);
    }

    /// What the version is called.
    public String version() {
        return number == 0 ? LATEST : String.valueOf(number);
    }
}
