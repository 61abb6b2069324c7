@NullMarked
package dev.freehold.sandbox.egress;

import org.jspecify.annotations.NullMarked;
