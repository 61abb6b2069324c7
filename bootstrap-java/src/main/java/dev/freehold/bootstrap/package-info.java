/// The bootstrap of Java functions: it runs in their sandboxes, not in the server, on whatever JDK
/// a function asks for. [Main] waits for a function from the engine and runs it; the frames are
/// those of `bootstrap.mjs`.
///
/// User code has a class loader of its own over `/var/task` and `/opt/java/lib`, whose parent has
/// this package, the JDK, and of AWS's libraries the interfaces of handlers and what reads and
/// writes their events: the same two that AWS's own runtime has.
@NullMarked
package dev.freehold.bootstrap;

import org.jspecify.annotations.NullMarked;
