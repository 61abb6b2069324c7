/// What Lambda demands of its input, and the words in which it refuses.
@NullMarked
package dev.freehold.services.lambda.rules;

import org.jspecify.annotations.NullMarked;
