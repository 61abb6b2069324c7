@NullMarked
package dev.freehold.sandbox;

import org.jspecify.annotations.NullMarked;
