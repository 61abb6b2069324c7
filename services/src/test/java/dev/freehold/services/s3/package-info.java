@NullMarked
package dev.freehold.services.s3;

import org.jspecify.annotations.NullMarked;
