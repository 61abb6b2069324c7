/// Tests of this package.
@NullMarked
package dev.freehold.services.sns.filter;

import org.jspecify.annotations.NullMarked;
