/// awsQuery: forms in, XML out.
@NullMarked
package dev.freehold.protocol.query;

import org.jspecify.annotations.NullMarked;
