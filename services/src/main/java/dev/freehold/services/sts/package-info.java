/// STS: who am I, and temporary credentials.
@NullMarked
package dev.freehold.services.sts;

import org.jspecify.annotations.NullMarked;
