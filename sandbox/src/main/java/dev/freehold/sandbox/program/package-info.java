/// Programs that functions bring themselves and that speak the Runtime API: what starts them.
@NullMarked
package dev.freehold.sandbox.program;

import org.jspecify.annotations.NullMarked;
