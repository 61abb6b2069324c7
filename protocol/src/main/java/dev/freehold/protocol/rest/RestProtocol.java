package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.WireProtocol;
import dev.freehold.protocol.eventstream.EventMessage;
import org.jspecify.annotations.Nullable;

/// What restJson1 and restXml share; they differ in how a body is written.
abstract class RestProtocol implements WireProtocol {
    private final String contentType;

    RestProtocol(String contentType) {
        this.contentType = contentType;
    }

    /// Reads the members that are bound to the body.
    abstract void readBody(byte[] body, Schema schema, StructureBuilder builder);

    /// Reads a body that is one member.
    abstract @Nullable Object readPayload(byte[] body, Member payload);

    abstract Blob writeBody(ServiceModel service, Structure output);

    abstract Blob writePayload(ServiceModel service, Object value, Member payload);

    /// The body where an output has no member for it.
    abstract Blob emptyBody();

    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        Schema schema = operation.input();
        StructureBuilder builder = schema.newBuilder();
        Bindings.read(operation, request, builder);
        Member payload = payload(schema);
        if (payload != null) {
            payload(request, payload, builder);
        } else if (hasBody(schema)) {
            readBody(Bodies.read(request, Bodies.MAX_IN_MEMORY), schema, builder);
        }
        return builder.build();
    }

    static boolean hasBody(Schema schema) {
        for (Member member : schema.members()) {
            if (member.location() == Location.BODY) {
                return true;
            }
        }
        return false;
    }

    static @Nullable Member payload(Schema schema) {
        for (Member member : schema.members()) {
            if (member.location() == Location.PAYLOAD) {
                return member;
            }
        }
        return null;
    }

    private void payload(Request request, Member payload, StructureBuilder builder) {
        if (payload.streaming()) {
            builder.set(payload.index(), request.body());
            return;
        }
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        if (body.length == 0) {
            return;
        }
        Object value =
                switch (payload.target().type()) {
                    case BLOB -> Blob.wrap(body);
                    case STRING -> Blob.wrap(body).utf8();
                    default -> readPayload(body, payload);
                };
        if (value != null) {
            builder.set(payload.index(), value);
        }
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        Headers.Builder headers = Headers.builder();
        Bindings.write(output, headers);
        int status = status(operation, output);
        Member payload = payload(output.schema());
        ByteStream body;
        if (payload != null) {
            body = payloadBody(service, output.member(payload.index()), payload, headers);
        } else if (hasBody(output.schema())) {
            typed(headers, contentType);
            body = ByteStream.of(writeBody(service, output));
        } else {
            Blob empty = operation.hasOutput() ? emptyBody() : Blob.EMPTY;
            if (empty.length() > 0) {
                typed(headers, contentType);
            }
            body = ByteStream.of(empty);
        }
        return new Response(status, headers.build(), body);
    }

    private ByteStream payloadBody(
            ServiceModel service, @Nullable Object value, Member payload, Headers.Builder headers) {
        if (value == null) {
            return ByteStream.of(Blob.EMPTY);
        }
        typed(headers, payloadType(payload));
        return switch (value) {
            case ByteStream stream -> stream;
            case Blob blob -> ByteStream.of(blob);
            case Iterable<?> events when payload.eventStream() ->
                    new EventBody(events, contentType, event -> writeBody(service, event));
            case String text when payload.target().type() == Schema.Type.STRING ->
                    ByteStream.of(Blob.ofUtf8(text));
            default -> ByteStream.of(writePayload(service, value, payload));
        };
    }

    /// The type of a body that is that member.
    String payloadType(Member payload) {
        if (payload.eventStream()) {
            return EventMessage.CONTENT_TYPE;
        }
        return switch (payload.target().type()) {
            case BLOB -> "application/octet-stream";
            case STRING -> "text/plain";
            default -> contentType;
        };
    }

    private static void typed(Headers.Builder headers, String contentType) {
        if (!headers.contains("content-type")) {
            headers.set("content-type", contentType);
        }
    }

    private static int status(Operation operation, Structure output) {
        for (Member member : output.schema().members()) {
            if (member.location() == Location.STATUS_CODE
                    && output.member(member.index()) instanceof Integer status) {
                return status;
            }
        }
        return operation.http().status();
    }
}
