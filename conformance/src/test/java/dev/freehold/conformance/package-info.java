/// Unmodified clients against a started server; crashes; architecture and tidiness.
@NullMarked
package dev.freehold.conformance;

import org.jspecify.annotations.NullMarked;
