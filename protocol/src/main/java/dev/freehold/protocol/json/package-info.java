/// The JSON protocols: awsJson 1.0 and 1.1, restJson1.
@NullMarked
package dev.freehold.protocol.json;

import org.jspecify.annotations.NullMarked;
