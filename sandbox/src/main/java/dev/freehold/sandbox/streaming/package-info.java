/// Answers on their way from functions to callers while they are written: nothing here holds a
/// whole one. A caller that reads slowly makes the function wait; one that leaves does not stop it.
@NullMarked
package dev.freehold.sandbox.streaming;

import org.jspecify.annotations.NullMarked;
