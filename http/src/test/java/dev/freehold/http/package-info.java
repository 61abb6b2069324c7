/// Tests of the edge, through started listeners and raw sockets.
@NullMarked
package dev.freehold.http;

import org.jspecify.annotations.NullMarked;
