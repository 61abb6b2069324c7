/// The operations on durable executions.
@NullMarked
package dev.freehold.services.lambda.durable.ops;

import org.jspecify.annotations.NullMarked;
