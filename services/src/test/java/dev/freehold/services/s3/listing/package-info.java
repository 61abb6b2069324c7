@NullMarked
package dev.freehold.services.s3.listing;

import org.jspecify.annotations.NullMarked;
