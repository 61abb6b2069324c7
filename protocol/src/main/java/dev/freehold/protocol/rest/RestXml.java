package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.xml.XmlReader;
import dev.freehold.protocol.xml.XmlWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// restXml, with S3's customizations: errors without a wrapper, and GetBucketLocation's bare text.
///
/// See <https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html>.
public final class RestXml extends RestProtocol {
    public RestXml() {
        super("application/xml");
    }

    @Override
    void readBody(byte[] body, Schema schema, StructureBuilder builder) {
        if (body.length > 0) {
            XmlReader.read(body, schema, builder);
        }
    }

    @Override
    @Nullable Object readPayload(byte[] body, Member payload) {
        StructureBuilder builder = payload.target().newBuilder();
        XmlReader.read(body, payload.target(), builder);
        return builder.build();
    }

    @Override
    Blob writeBody(ServiceModel service, Structure output) {
        String root = output.schema().name();
        XmlWriter out = writer(service).declaration();
        out.openRoot(root, service.xmlNamespace(), null, output);
        List<Member> members =
                output.schema().members().stream()
                        .filter(m -> m.location() == Location.BODY)
                        .toList();
        boolean bare = members.size() == 1 && members.getFirst().wireName().equals(root);
        if (bare) {
            Object value = output.member(members.getFirst().index());
            out.text(value == null ? "" : XmlWriter.simple(value, members.getFirst()));
        } else {
            out.members(output);
        }
        return out.close(root).toBlob();
    }

    @Override
    Blob writePayload(ServiceModel service, Object value, Member payload) {
        String root = payload.wireName();
        Structure structure = (Structure) value;
        return writer(service)
                .declaration()
                .openRoot(root, service.xmlNamespace(), payload, structure)
                .members(structure)
                .close(root)
                .toBlob();
    }

    private static XmlWriter writer(ServiceModel service) {
        return new XmlWriter(
                service.has(ServiceModel.Trait.S3_ERRORS)
                        ? XmlWriter.Dialect.S3
                        : XmlWriter.Dialect.REST);
    }

    @Override
    Blob emptyBody() {
        return Blob.EMPTY;
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        Headers.Builder headers = Headers.builder().set("content-type", "application/xml");
        boolean wrapped = !service.has(ServiceModel.Trait.S3_ERRORS);
        XmlWriter out = writer(service).declaration();
        if (wrapped) {
            out.open("ErrorResponse", service.xmlNamespace());
        }
        out.open("Error", null);
        if (wrapped) {
            out.element("Type", error.shape().senderFault() ? "Sender" : "Receiver");
        }
        // AWS: S3 sends the element even where it says nothing.
        String message = error.getMessage() == null && !wrapped ? "" : error.getMessage();
        out.element("Code", error.shape().code()).element("Message", message);
        if (error.body() != null) {
            Bindings.write(error.body(), headers);
            out.members(error.body());
        }
        if (wrapped) {
            out.close("Error").element("RequestId", requestId).close("ErrorResponse");
        } else {
            out.element("RequestId", requestId).element("HostId", requestId).close("Error");
        }
        return new Response(error.shape().status(), headers.build(), ByteStream.of(out.toBlob()));
    }
}
