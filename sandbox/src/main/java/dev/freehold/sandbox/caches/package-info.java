/// What runtimes have compiled of functions' code before their first start: V8's code cache,
/// Python's and Ruby's bytecode.
///
/// It is made once, after a deployment, in a sandbox that has neither a network nor credentials and
/// is thrown away; a function that fails there has no cache, and nobody is told. What comes out of
/// it is not trusted: it is files with plain names, bounded in number and size, in a directory
/// whose name can't be guessed and which only environments of the same version are told of,
/// read-only. The directories are bounded together; those that were not used for the longest go
/// first, and all of a version go with it.
@NullMarked
package dev.freehold.sandbox.caches;

import org.jspecify.annotations.NullMarked;
