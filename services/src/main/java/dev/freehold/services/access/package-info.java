/// How services call each other: as somebody, and only when that is allowed.
@NullMarked
package dev.freehold.services.access;

import org.jspecify.annotations.NullMarked;
