/// Unmodified clients against a started server; crashes.
@NullMarked
package dev.freehold.conformance;

import org.jspecify.annotations.NullMarked;
