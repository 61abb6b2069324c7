/// Tests of the compiler of models.
@NullMarked
package dev.freehold.codegen;

import org.jspecify.annotations.NullMarked;
