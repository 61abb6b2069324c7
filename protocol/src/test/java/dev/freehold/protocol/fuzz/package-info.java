/// Parsers against bytes that nobody meant: each reads them or refuses them by AWS's error, and
/// does nothing else. The corpus runs in every build; `JAZZER_FUZZ=1` makes more of it.
@NullMarked
package dev.freehold.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
