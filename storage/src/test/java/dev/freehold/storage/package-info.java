@NullMarked
package dev.freehold.storage;

import org.jspecify.annotations.NullMarked;
