/// What `org.crac`, which functions bring, looks for behind itself: it finds these classes, by
/// their names and those of their methods, in the package that the property `org.crac.Core.Compat`
/// names. There is no checkpoint here, and no restore: [Core] only has what is registered told of
/// both.
@NullMarked
package dev.freehold.bootstrap.crac;

import org.jspecify.annotations.NullMarked;
