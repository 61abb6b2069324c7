/// Tests of this package.
@NullMarked
package dev.freehold.services.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
