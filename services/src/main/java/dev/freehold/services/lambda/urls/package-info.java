/// Function URLs: requests over HTTP become invocations.
@NullMarked
package dev.freehold.services.lambda.urls;

import org.jspecify.annotations.NullMarked;
