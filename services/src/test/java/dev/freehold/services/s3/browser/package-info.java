@NullMarked
package dev.freehold.services.s3.browser;

import org.jspecify.annotations.NullMarked;
