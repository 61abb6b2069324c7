/// The rules by which environments come and go, without clock, thread or process.
@NullMarked
package dev.freehold.sandbox.scaling;

import org.jspecify.annotations.NullMarked;
