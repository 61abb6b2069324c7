/// The store in memory: for tests, and for servers that forget.
@NullMarked
package dev.freehold.storage.memory;

import org.jspecify.annotations.NullMarked;
