/// What the sources look like: who may use whom, and how large things are.
@NullMarked
package dev.freehold.conformance.structure;

import org.jspecify.annotations.NullMarked;
