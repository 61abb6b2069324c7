/// Tests of this package.
@NullMarked
package dev.freehold.services.sqs;

import org.jspecify.annotations.NullMarked;
