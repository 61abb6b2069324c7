@org.jspecify.annotations.NullMarked
package dev.freehold.services.iam.tokens;
