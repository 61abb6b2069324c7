package dev.freehold.sandbox.isolation;

import java.nio.file.Path;

/// A directory of the host that a function sees and may change.
///
/// @param source the directory
/// @param target where the function sees it: `/mnt/` and a name
public record Mount(Path source, String target) {}
