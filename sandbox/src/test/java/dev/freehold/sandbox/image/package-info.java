@NullMarked
package dev.freehold.sandbox.image;

import org.jspecify.annotations.NullMarked;
