/// The command line: [Main] names the commands, a class each.
@NullMarked
package dev.freehold.server.cli;

import org.jspecify.annotations.NullMarked;
