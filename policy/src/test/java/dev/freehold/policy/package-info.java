@org.jspecify.annotations.NullMarked
package dev.freehold.policy;
