package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
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
    Blob writePayload(ServiceModel service, Structure value, Member payload) {
        return JsonWriter.write(value, true);
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        Headers.Builder headers = Headers.builder().set("content-type", "application/json");
        headers.set("x-amzn-errortype", error.shape().code());
        if (error.body() != null) {
            Bindings.write(error.body(), headers);
        }
        Blob body =
                JsonWriter.writeError(error.shape().name(), error.getMessage(), error.body(), true);
        return new Response(error.shape().status(), headers.build(), ByteStream.of(body));
    }
}
