package dev.freehold.protocol.cbor;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.WireProtocol;

/// `application/x-amz-cbor-1.1`, which clients of Kinesis speak: awsJson 1.1 with CBOR in its
/// place.
public final class AwsCbor implements WireProtocol {
    /// The type of its bodies.
    public static final String CONTENT_TYPE = "application/x-amz-cbor-1.1";

    private static final Headers HEAD = Headers.builder().set("content-type", CONTENT_TYPE).build();

    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        StructureBuilder builder = operation.input().newBuilder();
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        CborReader.read(body, operation.input(), builder, CborTime.MILLISECONDS);
        return builder.build();
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        Blob body =
                operation.hasOutput()
                        ? CborWriter.write(output, CborTime.MILLISECONDS)
                        : Blob.EMPTY;
        return new Response(200, HEAD, ByteStream.of(body));
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        Blob body = CborWriter.writeError(error.shape().name(), error, CborTime.MILLISECONDS);
        return new Response(error.shape().status(), HEAD, ByteStream.of(body));
    }
}
