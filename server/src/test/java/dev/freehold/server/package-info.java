@org.jspecify.annotations.NullMarked
package dev.freehold.server;
