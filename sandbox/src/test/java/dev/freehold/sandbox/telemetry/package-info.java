@org.jspecify.annotations.NullMarked
package dev.freehold.sandbox.telemetry;
