/// Tests of this package.
@NullMarked
package dev.freehold.services.sns;

import org.jspecify.annotations.NullMarked;
