/// Tests of what is generated from the models.
@NullMarked
package dev.freehold.api;

import org.jspecify.annotations.NullMarked;
