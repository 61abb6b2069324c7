package dev.freehold.protocol.json;

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

/// awsJson 1.0 and 1.1: every operation is a POST to `/`, named by `X-Amz-Target`.
///
/// See <https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>.
public final class AwsJson implements WireProtocol {
    private final String contentType;

    /// Whether errors have their namespace: only version 1.0 sends it.
    private final boolean qualified;

    /// @param version `1.0` or `1.1`
    public AwsJson(String version) {
        this.qualified = version.equals("1.0");
        this.contentType = "application/x-amz-json-" + version;
    }

    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        StructureBuilder builder = operation.input().newBuilder();
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        JsonDialect dialect =
                service.id().startsWith("dynamodb") ? JsonDialect.DYNAMODB : JsonDialect.STANDARD;
        if (body.length == 0 && dialect == JsonDialect.DYNAMODB) {
            throw dialect.malformed(null);
        }
        JsonReader.read(body, operation.input(), builder, false, dialect);
        return builder.build();
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        Blob body = operation.hasOutput() ? JsonWriter.write(output, false) : Blob.EMPTY;
        return response(200, Headers.builder(), body);
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        ErrorShape shape = error.shape();
        Headers.Builder headers = Headers.builder();
        if (service.has(ServiceModel.Trait.QUERY_COMPATIBLE)) {
            headers.set("x-amzn-query-error", shape.queryError());
        }
        String type = qualified ? service.errorType(error) : shape.name();
        return response(shape.status(), headers, JsonWriter.writeError(type, error, false));
    }

    private Response response(int status, Headers.Builder headers, Blob body) {
        headers.set("content-type", contentType);
        return new Response(status, headers.build(), ByteStream.of(body));
    }
}
