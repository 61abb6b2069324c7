/// Tests of this package.
@NullMarked
package dev.freehold.services.dynamodb;

import org.jspecify.annotations.NullMarked;
