/// Smithy's own protocol tests, run against the codecs from the server's side: requests are routed
/// and decoded, responses and errors are encoded, malformed requests are refused.
///
/// The shapes exist only as data here: [ModelSchemas] makes of Smithy's model the very schemas that
/// `codegen` writes for the services, and [DynamicStructure] holds their values. What does not pass
/// is listed with its reason in `smithy-skips.txt`; a listed test that passes fails the build.
@NullMarked
package dev.freehold.protocol.smithy;

import org.jspecify.annotations.NullMarked;
