@org.jspecify.annotations.NullMarked
package dev.freehold.services.lambda.durable;
