/// Load programs. [Main] runs them by name; each starts a server of its own with a temporary
/// folder, loads it over loopback by as many connections as it says, and prints its figures beside
/// a baseline that it measured in the same run: the machine's speed drifts, ratios hold.
@NullMarked
package dev.freehold.benchmarks;

import org.jspecify.annotations.NullMarked;
