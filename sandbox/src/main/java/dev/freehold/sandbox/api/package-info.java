/// The Runtime API, by which custom runtimes and AWS's own Runtime Interface Clients take
/// invocations: [RuntimeApi] over [HttpConnection], a small HTTP/1.1 server with strict limits, one
/// for each environment.
@NullMarked
package dev.freehold.sandbox.api;

import org.jspecify.annotations.NullMarked;
