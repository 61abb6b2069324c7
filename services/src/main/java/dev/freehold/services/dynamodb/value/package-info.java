/// Attribute values: what is a valid value ([ValueChecks]), how numbers are written, ordered and
/// added ([Numbers]), how large a value is ([Sizes]), which of two is less ([Values]), and the
/// bytes of keys ([KeyBytes]) and items ([ItemCodec]). Pure: no store, no clock.
@NullMarked
package dev.freehold.services.dynamodb.value;

import org.jspecify.annotations.NullMarked;
