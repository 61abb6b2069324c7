@NullMarked
package dev.freehold.services.s3.rules;

import org.jspecify.annotations.NullMarked;
