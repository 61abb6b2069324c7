/// The rows of Lambda and what names them.
///
/// A function is one [FunctionRow] (what all its versions share) and a [VersionRow] for each
/// version; version 0 is `$LATEST`. Aliases, policies and the configurations that hang on a
/// qualifier have tables of their own, keyed by the function first, so that deleting a function is
/// a handful of range deletions.
@NullMarked
package dev.freehold.services.lambda.state;

import org.jspecify.annotations.NullMarked;
