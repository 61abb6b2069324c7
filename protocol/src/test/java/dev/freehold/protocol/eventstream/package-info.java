/// Tests of event streams.
@NullMarked
package dev.freehold.protocol.eventstream;

import org.jspecify.annotations.NullMarked;
