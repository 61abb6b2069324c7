/// What every engine has to do: tests that each engine's module runs against itself.
@NullMarked
package dev.freehold.storage.contract;

import org.jspecify.annotations.NullMarked;
