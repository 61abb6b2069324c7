@NullMarked
package dev.freehold.services.s3.notify;

import org.jspecify.annotations.NullMarked;
