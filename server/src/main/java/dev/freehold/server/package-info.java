/// The server: [Config] the settings, [Freehold] puts everything together.
@NullMarked
package dev.freehold.server;

import org.jspecify.annotations.NullMarked;
