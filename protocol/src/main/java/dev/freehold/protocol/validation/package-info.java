/// The models' constraints, checked before an operation is called.
@NullMarked
package dev.freehold.protocol.validation;

import org.jspecify.annotations.NullMarked;
