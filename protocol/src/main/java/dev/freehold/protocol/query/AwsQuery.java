package dev.freehold.protocol.query;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.WireProtocol;
import dev.freehold.protocol.xml.XmlWriter;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// awsQuery: a form (or query string) whose `Action` names the operation; XML comes back.
///
/// See <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>.
public final class AwsQuery implements WireProtocol {
    @Override
    public Structure decode(ServiceModel service, Operation operation, Request request) {
        NavigableMap<String, String> parameters = new TreeMap<>();
        byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
        for (QueryParameter parameter : parse(request.rawQuery())) {
            parameters.put(parameter.name(), parameter.value());
        }
        for (QueryParameter parameter : parse(Blob.wrap(body).utf8().strip())) {
            parameters.put(parameter.name(), parameter.value());
        }
        StructureBuilder builder = operation.input().newBuilder();
        new FormReader(parameters).members("", operation.input(), builder, 0);
        return builder.build();
    }

    private static List<QueryParameter> parse(String form) {
        try {
            return QueryParameter.parse(form);
        } catch (IllegalArgumentException e) {
            throw new CommonError("MalformedQueryString", 404, "The form can't be decoded");
        }
    }

    @Override
    public Response encode(
            ServiceModel service, Operation operation, Structure output, String requestId) {
        String root = operation.name() + "Response";
        String result = operation.name() + "Result";
        XmlWriter out =
                new XmlWriter(XmlWriter.Dialect.QUERY)
                        .declaration()
                        .open(root, service.xmlNamespace());
        if (operation.hasOutput()) {
            out.open(result, null).members(output).close(result);
        }
        out.open("ResponseMetadata", null)
                .element("RequestId", requestId)
                .close("ResponseMetadata");
        return response(200, out.close(root));
    }

    @Override
    public Response encodeError(ServiceModel service, ServiceError error, String requestId) {
        XmlWriter out =
                new XmlWriter(XmlWriter.Dialect.QUERY)
                        .declaration()
                        .open("ErrorResponse", service.xmlNamespace());
        out.open("Error", null)
                .element("Type", error.shape().senderFault() ? "Sender" : "Receiver")
                .element("Code", error.shape().code())
                .element("Message", message(service, error));
        if (service.id().equals("sqs")) {
            out.open("Detail", null).close("Detail");
        }
        if (error.body() != null) {
            out.members(error.body());
        }
        out.close("Error").element("RequestId", requestId).close("ErrorResponse");
        return response(error.shape().status(), out);
    }

    /// Clients of SQS's older protocol are told of its WSDL.
    private static @Nullable String message(ServiceModel service, ServiceError error) {
        boolean queue =
                service.id().equals("sqs")
                        && error.shape().code().equals("AWS.SimpleQueueService.NonExistentQueue");
        return queue
                ? "The specified queue does not exist for this wsdl version."
                : error.getMessage();
    }

    private static Response response(int status, XmlWriter out) {
        Headers headers = Headers.builder().set("content-type", "text/xml").build();
        return new Response(status, headers, ByteStream.of(out.toBlob()));
    }
}
