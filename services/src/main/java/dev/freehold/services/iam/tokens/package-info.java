/// Session tokens that carry their session, for sessions that are begun too often to be stored.
@NullMarked
package dev.freehold.services.iam.tokens;

import org.jspecify.annotations.NullMarked;
