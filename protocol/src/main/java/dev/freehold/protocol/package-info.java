/// What every service of AWS has in common on the wire: operations, shapes, errors, names, callers.
///
/// A shape's facts live in its [Schema]; generated records carry their values behind
/// [Structure#member(int)], boxed, by the member's index in the schema. A codec walks the two side
/// by side, so one codec serves all services, and shapes that exist only as data (the protocol
/// tests') pass through the very code that serves generated ones. `docs/decisions/0001` tells why
/// this and not a reader and a writer method per shape.
@NullMarked
package dev.freehold.protocol;

import org.jspecify.annotations.NullMarked;
