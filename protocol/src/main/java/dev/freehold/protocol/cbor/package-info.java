/// CBOR bodies: Smithy's RPC v2, which newer clients speak, and the older
/// `application/x-amz-cbor-1.1` of Kinesis, which differs in how an operation is named and in the
/// unit of its timestamps.
///
/// [CborInput] takes items apart with a bound on everything that a length may claim. Jackson's CBOR
/// module would do, but it needs the whole of Jackson's data binding; the items that AWS's clients
/// send are these few.
///
/// See <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html> and RFC 8949.
@NullMarked
package dev.freehold.protocol.cbor;

import org.jspecify.annotations.NullMarked;
