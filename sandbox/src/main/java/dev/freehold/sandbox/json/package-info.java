/// JSON as trees of maps, lists, strings, numbers and booleans: messages here are small.
@NullMarked
package dev.freehold.sandbox.json;

import org.jspecify.annotations.NullMarked;
