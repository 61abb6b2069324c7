/// What the kernel enforces for each environment by a cgroup of its own, where this server may make
/// some. Safe for use by several threads.
@NullMarked
package dev.freehold.sandbox.cgroup;

import org.jspecify.annotations.NullMarked;
