/// Debuggers: how one on the host reaches a function, and what Python needs for it.
@org.jspecify.annotations.NullMarked
package dev.freehold.sandbox.debug;
