/// The command line: a class per command.
@NullMarked
package dev.freehold.server.cli;

import org.jspecify.annotations.NullMarked;
