package dev.freehold.protocol.cbor;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.ErrorShape;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.WireProtocol;

/// Smithy's RPC v2 with CBOR: a POST to `/service/S/operation/O`.
public final class RpcV2Cbor implements WireProtocol {
    private static final String CONTENT_TYPE = "application/cbor";

    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        StructureBuilder builder = operation.input().newBuilder();
        byte[] body = Bodies.readDecompressed(request, Bodies.MAX_IN_MEMORY);
        CborReader.read(body, operation.input(), builder, CborTime.SECONDS);
        return builder.build();
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        if (!operation.hasOutput()) {
            return new Response(200, head(false), ByteStream.of(Blob.EMPTY));
        }
        return response(200, head(true), CborWriter.write(output, CborTime.SECONDS));
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        ErrorShape shape = error.shape();
        Headers headers = head(true);
        if (service.has(ServiceModel.Trait.QUERY_COMPATIBLE)) {
            headers = headers.toBuilder().set("x-amzn-query-error", shape.queryError()).build();
        }
        Blob body = CborWriter.writeError(service.errorType(error), error, CborTime.SECONDS);
        return response(shape.status(), headers, body);
    }

    /// Some clients refuse an answer that does not name the protocol.
    private static Headers head(boolean body) {
        Headers.Builder headers = Headers.builder().set("smithy-protocol", "rpc-v2-cbor");
        return (body ? headers.set("content-type", CONTENT_TYPE) : headers).build();
    }

    private static Response response(int status, Headers headers, Blob body) {
        return new Response(status, headers, ByteStream.of(body));
    }
}
