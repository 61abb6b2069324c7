/// Tests of signatures.
@NullMarked
package dev.freehold.protocol.signing;

import org.jspecify.annotations.NullMarked;
