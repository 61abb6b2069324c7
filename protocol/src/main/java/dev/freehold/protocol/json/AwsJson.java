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

    /// @param version `1.0` or `1.1`
    public AwsJson(String version) {
        this.contentType = "application/x-amz-json-" + version;
    }

    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        StructureBuilder builder = operation.input().newBuilder();
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        JsonReader.read(body, operation.input(), builder, false);
        return builder.build();
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        return response(200, Headers.builder(), JsonWriter.write(output, false));
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        ErrorShape shape = error.shape();
        Headers.Builder headers = Headers.builder();
        if (service.queryCompatible()) {
            String fault = shape.senderFault() ? "Sender" : "Receiver";
            headers.set("x-amzn-query-error", shape.code() + ";" + fault);
        }
        String type = namespace(service) + "#" + shape.name();
        Blob body = JsonWriter.writeError(type, error.getMessage(), error.body(), false);
        return response(shape.status(), headers, body);
    }

    /// What stands before the error's name; clients cut it off.
    private static String namespace(ServiceModel service) {
        String version = service.apiVersion().replace("-", "");
        return "com.amazonaws." + service.id() + ".v" + version;
    }

    private Response response(int status, Headers.Builder headers, Blob body) {
        headers.set("content-type", contentType);
        return new Response(status, headers.build(), ByteStream.of(body));
    }
}
