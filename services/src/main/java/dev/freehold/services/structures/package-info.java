/// Generated structures as values of the store.
@NullMarked
package dev.freehold.services.structures;

import org.jspecify.annotations.NullMarked;
