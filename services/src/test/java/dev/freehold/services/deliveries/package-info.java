/// Tests of this package.
@NullMarked
package dev.freehold.services.deliveries;

import org.jspecify.annotations.NullMarked;
