/// Lambda's operations, a class for each kind of thing that they work on.
@NullMarked
package dev.freehold.services.lambda.ops;

import org.jspecify.annotations.NullMarked;
