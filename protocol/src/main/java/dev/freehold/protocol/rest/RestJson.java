package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.json.JsonReader;
import dev.freehold.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/// restJson1.
///
/// See <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>.
public final class RestJson extends RestProtocol {
    private static final Blob EMPTY_OBJECT = Blob.ofUtf8("{}");

    public RestJson() {
        super("application/json");
    }

    @Override
    void readBody(byte[] body, Schema schema, StructureBuilder builder) {
        JsonReader.read(body, schema, builder, true);
    }

    @Override
    @Nullable Object readPayload(byte[] body, Member payload) {
        return JsonReader.readValue(body, payload, true);
    }

    @Override
    Blob writeBody(ServiceModel service, Structure output) {
        return JsonWriter.write(output, true);
    }

    @Override
    Blob writePayload(ServiceModel service, Object value, Member payload) {
        return JsonWriter.writeValue(value, payload, true);
    }

    @Override
    Blob emptyBody() {
        return EMPTY_OBJECT;
    }

    /// Refuses what is sent or asked for as another type than the operation's. A missing type is
    /// taken as the right one: older clients send none.
    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        String sent = request.headers().first("content-type");
        String expected = type(operation.input());
        if (sent != null && expected != null && !MediaTypes.same(sent, expected)) {
            throw new CommonError("UnsupportedMediaTypeException", 415, null);
        }
        String accepted = request.headers().first("accept");
        String answered = type(operation.output());
        if (accepted != null && answered != null && !MediaTypes.accepts(accepted, answered)) {
            throw new CommonError("NotAcceptableException", 406, null);
        }
        return super.decode(service, operation, request);
    }

    /// The type of the body that a structure makes; null when it makes none or may be anything.
    private @Nullable String type(Schema schema) {
        Member payload = payload(schema);
        if (payload != null) {
            boolean any = payload.target().type() == Schema.Type.BLOB || payload.eventStream();
            return any ? null : payloadType(payload);
        }
        return hasBody(schema) ? "application/json" : null;
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        Headers.Builder headers = Headers.builder().set("content-type", "application/json");
        headers.set("x-amzn-errortype", error.shape().code());
        if (error.body() != null) {
            Bindings.write(error.body(), headers);
        }
        Blob body = JsonWriter.writeError(null, error, true);
        return new Response(error.shape().status(), headers.build(), ByteStream.of(body));
    }
}
