/// What functions reach of the world outside.
@NullMarked
package dev.freehold.sandbox.egress;

import org.jspecify.annotations.NullMarked;
