/// Runs functions. [Engine] has environments: one process in one sandbox each, which runs one
/// invocation at a time. Environments of a runtime are started before anybody needs them; a
/// function is put into one by a symbolic link and a message.
@NullMarked
package dev.freehold.sandbox;

import org.jspecify.annotations.NullMarked;
