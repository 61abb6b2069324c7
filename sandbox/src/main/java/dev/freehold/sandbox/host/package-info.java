/// What environments need of this host: users, processes, files, sockets.
@NullMarked
package dev.freehold.sandbox.host;

import org.jspecify.annotations.NullMarked;
