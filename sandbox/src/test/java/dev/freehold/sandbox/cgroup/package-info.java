@NullMarked
package dev.freehold.sandbox.cgroup;

import org.jspecify.annotations.NullMarked;
