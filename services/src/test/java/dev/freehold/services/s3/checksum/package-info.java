@NullMarked
package dev.freehold.services.s3.checksum;

import org.jspecify.annotations.NullMarked;
