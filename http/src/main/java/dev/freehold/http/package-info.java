/// From bytes to an operation and back: [Listener] makes a request of what a client sends,
/// [Gateway] finds the operation, knows the caller, decodes, authorises, calls and encodes.
@NullMarked
package dev.freehold.http;

import org.jspecify.annotations.NullMarked;
