/// The front of Lambda: its operations by what they work on, each handed on to the class that knows
/// how. What is in none of these interfaces answers, as its API's default does, that it isn't
/// implemented.
@NullMarked
package dev.freehold.services.lambda.front;

import org.jspecify.annotations.NullMarked;
