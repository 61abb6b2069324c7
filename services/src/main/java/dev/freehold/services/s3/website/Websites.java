package dev.freehold.services.s3.website;

import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.S3Api;
import dev.freehold.api.s3.S3Model;
import dev.freehold.api.s3.WebsiteConfiguration;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Timestamps;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.protocol.rest.RestXml;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.config.WebsiteConfigs;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.storage.Store;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Answers the visitors of buckets that are websites.
public final class Websites {
    private static final String REDIRECT = "x-amz-website-redirect-location";
    private static final RestXml WIRE = new RestXml();
    private static final Operation GET =
            Objects.requireNonNull(S3Model.MODEL.operation("GetObject"));

    private final Store store;
    private final S3Api s3;
    private final Browsers browsers;

    /// @param s3 S3 as others see it: each call allowed or refused
    /// @param browsers decides which pages may read the answers
    public Websites(Store store, S3Api s3, Browsers browsers) {
        this.store = store;
        this.s3 = s3;
        this.browsers = browsers;
    }

    /// One visit.
    ///
    /// @param key the key that the path names, decoded
    private record Visit(
            Request request, Bucket bucket, WebsiteConfiguration site, String key, Caller caller) {
        /// The key with the index where it names a folder.
        String document() {
            boolean folder = key.isEmpty() || key.endsWith("/");
            return folder ? key + Routes.suffix(site) : key;
        }
    }

    /// Answers a request to a bucket's website.
    public Response answer(String bucket, Request request) {
        try {
            Visit visit = visit(bucket, request);
            if (request.method().equals("OPTIONS")) {
                return Response.empty(200, browsers.preflight(inPathStyle(visit)));
            }
            Response response = respond(visit);
            if (!request.headers().contains("origin")) {
                return response;
            }
            Headers.Builder headers = response.headers().toBuilder();
            browsers.readable(inPathStyle(visit)).forEach(headers::set);
            return new Response(response.status(), headers.build(), response.body());
        } catch (ServiceError e) {
            return ErrorPage.of(e, null, request);
        }
    }

    private static Request inPathStyle(Visit visit) {
        return visit.request().withPath("/" + visit.bucket().name() + visit.request().rawPath());
    }

    private Visit visit(String bucket, Request request) {
        String path = request.rawPath().substring(1);
        String key;
        try {
            key = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument("Couldn't parse the specified URI.", "uri", path);
        }
        return store.read(tx -> {
            Bucket found = Access.bucket(tx, bucket, null);
            WebsiteConfiguration site = WebsiteConfigs.of(tx, bucket);
            return new Visit(request, found, site, key, caller(found, request));
        });
    }

    private static Caller caller(Bucket bucket, Request request) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("aws:SourceIp", request.sourceIp());
        facts.put("aws:SecureTransport", String.valueOf(request.secure()));
        String referer = request.headers().first("referer");
        if (referer != null) {
            facts.put("aws:Referer", referer);
        }
        String agent = request.headers().first("user-agent");
        facts.put("aws:UserAgent", agent == null ? "" : agent);
        return new Caller(
                bucket.account(),
                bucket.region(),
                new Principal.Anonymous(),
                request.requestId(),
                facts,
                new Usage());
    }

    private Response respond(Visit visit) {
        String method = visit.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw S3Error.of(
                            405,
                            "MethodNotAllowed",
                            "The specified method is not allowed against this resource.")
                    .with("Method", method)
                    .with("ResourceType", "OBJECT");
        }
        Response redirect = Routes.before(visit.site(), visit.request(), visit.key());
        if (redirect != null) {
            return redirect;
        }
        try {
            return object(visit, visit.document(), 200);
        } catch (ServiceError e) {
            return failed(visit, e);
        }
    }

    /// An object as a page, or where it redirects to.
    private Response object(Visit visit, String key, int status) {
        Request request = visit.request();
        boolean asked = status == 200;
        GetObjectRequest get =
                GetObjectRequest.builder()
                        .bucket(visit.bucket().name())
                        .key(key)
                        .range(asked ? request.headers().first("range") : null)
                        .ifMatch(asked ? request.headers().first("if-match") : null)
                        .ifNoneMatch(asked ? request.headers().first("if-none-match") : null)
                        .ifModifiedSince(asked ? time(request, "if-modified-since") : null)
                        .ifUnmodifiedSince(asked ? time(request, "if-unmodified-since") : null)
                        .build();
        GetObjectResponse found = s3.getObject(get, visit.caller());
        String redirect = found.websiteRedirectLocation();
        if (redirect != null) {
            close(found.bodyValue());
            return Response.empty(301, Headers.builder().set("location", redirect).build());
        }
        Response page = WIRE.encode(S3Model.MODEL, GET, found, request.requestId());
        boolean part = asked && page.headers().contains("content-range");
        Headers headers =
                page.headers().toBuilder()
                        .remove(REDIRECT)
                        .set("x-amz-request-id", request.requestId())
                        .build();
        return new Response(part ? 206 : status, headers, page.body());
    }

    private static void close(@Nullable ByteStream body) {
        if (body != null) {
            body.close();
        }
    }

    private static @Nullable Instant time(Request request, String header) {
        String text = request.headers().first(header);
        return text == null ? null : Timestamps.parse(text, TimestampFormat.HTTP_DATE);
    }

    private Response failed(Visit visit, ServiceError error) {
        int status = error.shape().status();
        if (status == 304) {
            return WIRE.encodeError(S3Model.MODEL, error, visit.request().requestId());
        }
        if (isFolder(visit)) {
            return Response.empty(
                    302,
                    Headers.builder().set("location", visit.request().rawPath() + "/").build());
        }
        Response redirect = Routes.after(visit.site(), visit.request(), visit.key(), status);
        if (redirect != null) {
            return redirect;
        }
        String page =
                visit.site().errorDocument() == null ? null : visit.site().errorDocument().key();
        if (page == null || status >= 500) {
            return ErrorPage.of(error, null, visit.request());
        }
        try {
            return object(visit, page, status);
        } catch (ServiceError e) {
            return ErrorPage.of(error, e, visit.request());
        }
    }

    /// AWS: a folder's name without its slash leads to the folder, when that has an index.
    private boolean isFolder(Visit visit) {
        if (visit.key().isEmpty() || visit.key().endsWith("/")) {
            return false;
        }
        String index = visit.key() + "/" + Routes.suffix(visit.site());
        try {
            close(object(visit, index, 404).body());
            return true;
        } catch (ServiceError e) {
            return false;
        }
    }
}
