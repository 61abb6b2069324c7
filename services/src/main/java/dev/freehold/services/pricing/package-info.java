/// What things cost: usage by a price book.
@NullMarked
package dev.freehold.services.pricing;

import org.jspecify.annotations.NullMarked;
