@NullMarked
package dev.freehold.sandbox.isolation;

import org.jspecify.annotations.NullMarked;
