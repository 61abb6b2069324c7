package dev.freehold.services.s3.website;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a visitor reads of an error: AWS's page.
final class ErrorPage {
    private static final Map<Integer, String> REASONS =
            Map.of(
                    400, "Bad Request",
                    403, "Forbidden",
                    404, "Not Found",
                    405, "Method Not Allowed",
                    412, "Precondition Failed",
                    416, "Requested Range Not Satisfiable");

    private ErrorPage() {}

    /// @param second what went wrong with the website's own page of errors, or null
    static Response of(ServiceError error, @Nullable ServiceError second, Request request) {
        int status = error.shape().status();
        String title = status + " " + REASONS.getOrDefault(status, "Error");
        StringBuilder page = new StringBuilder("<html>\n<head><title>");
        page.append(title).append("</title></head>\n<body>\n<h1>").append(title);
        page.append("</h1>\n<ul>\n");
        details(page, error);
        item(page, "RequestId", request.requestId());
        item(page, "HostId", request.requestId());
        page.append("</ul>\n");
        if (second != null) {
            page.append("<h3>An Error Occurred While Attempting to Retrieve a Custom Error");
            page.append(" Document</h3>\n<ul>\n");
            details(page, second);
            page.append("</ul>\n");
        }
        page.append("<hr/>\n</body>\n</html>\n");
        Headers headers =
                Headers.builder()
                        .set("content-type", "text/html; charset=utf-8")
                        .set("x-amz-error-code", error.shape().code())
                        .set("x-amz-request-id", request.requestId())
                        .build();
        return new Response(status, headers, ByteStream.of(Blob.ofUtf8(page.toString())));
    }

    private static void details(StringBuilder page, ServiceError error) {
        item(page, "Code", error.shape().code());
        item(page, "Message", String.valueOf(error.getMessage()));
        Structure body = error.body();
        if (body == null) {
            return;
        }
        for (Member member : body.schema().members()) {
            Object value = body.member(member.index());
            if (value != null && member.location() == Member.Location.BODY) {
                item(page, member.wireName(), value.toString());
            }
        }
    }

    private static void item(StringBuilder page, String name, String value) {
        page.append("<li>").append(name).append(": ");
        page.append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        page.append("</li>\n");
    }
}
