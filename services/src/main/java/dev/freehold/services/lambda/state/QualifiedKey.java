package dev.freehold.services.lambda.state;

/// Something of a function that hangs on a qualifier: an alias, a policy, a configuration.
///
/// @param qualifier a version, an alias, `$LATEST`, or "" for the unqualified function
public record QualifiedKey(FunctionId function, String qualifier) {}
