/// Deliveries: everything that happens because of a request, written with its cause, done later.
@NullMarked
package dev.freehold.services.deliveries;

import org.jspecify.annotations.NullMarked;
