@NullMarked
package dev.freehold.sandbox.scaling;

import org.jspecify.annotations.NullMarked;
