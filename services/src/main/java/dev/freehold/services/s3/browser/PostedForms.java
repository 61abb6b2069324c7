package dev.freehold.services.s3.browser;

import dev.freehold.api.s3.Tag;
import dev.freehold.api.s3.Tagging;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.browser.Form;
import dev.freehold.protocol.signing.Authorization;
import dev.freehold.protocol.xml.XmlReader;
import dev.freehold.protocol.xml.XmlWriter;
import dev.freehold.services.s3.browser.PostPolicy.Sizes;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns posted forms into PutObject.
final class PostedForms {
    private static final String FILE_NAME = "${filename}";
    private static final String PREFIX = "x-amz-";

    /// Fields that are headers of PutObject under the same name.
    private static final Set<String> HEADERS =
            Set.of(
                    "cache-control",
                    "content-type",
                    "content-disposition",
                    "content-encoding",
                    "content-language",
                    "content-md5",
                    "expires");

    /// Fields that begin as headers do, and say who signs.
    private static final Set<String> SIGNING =
            Set.of(
                    "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-signature",
                    "x-amz-security-token");

    private PostedForms() {}

    /// Reads a form up to its file.
    ///
    /// @param request in path style
    static Form read(Request request, String bucket, Instant now) {
        String type = request.headers().first("content-type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw S3Errors.preconditionFailed(
                    "Bucket POST must be of the enclosure-type multipart/form-data");
        }
        try {
            FormBody body = FormBody.of(request.body().open(), type);
            Map<String, String> fields = new LinkedHashMap<>();
            for (FormBody.Part part = body.next(); part != null; part = body.next()) {
                String name = part.name().toLowerCase(Locale.ROOT);
                if (name.equals("file")) {
                    return form(request, bucket, named(fields, part.fileName()), body, now);
                }
                fields.put(name, body.text());
            }
        } catch (IOException e) {
            throw FormBody.malformed();
        }
        throw S3Errors.invalidArgument(
                "POST requires exactly one file upload per request.", "file", "0");
    }

    /// The fields with the file's name where they ask for it.
    private static Map<String, String> named(
            Map<String, String> fields, @Nullable String fileName) {
        if (fileName != null) {
            fields.replaceAll((_, value) -> value.replace(FILE_NAME, fileName));
        }
        return fields;
    }

    private static Form form(
            Request request,
            String bucket,
            Map<String, String> fields,
            FormBody body,
            Instant now) {
        String key = fields.get("key");
        if (key == null) {
            throw missing("key");
        }
        Authorization authorization = authorization(fields);
        Sizes sizes = Sizes.ANY;
        String policy = fields.get("policy");
        if (policy != null) {
            Map<String, String> checked = new LinkedHashMap<>(fields);
            checked.put("bucket", bucket);
            sizes = PostPolicy.parse(policy).check(checked, now);
        }
        String path = "/" + bucket + "/" + encoded(key);
        Request put =
                new Request(
                        "PUT",
                        path,
                        "",
                        headers(request, fields),
                        ByteStream.of(new Sized(body.stream(), sizes), -1),
                        "",
                        request.sourceIp(),
                        request.secure(),
                        request.requestId());
        return new Form(
                put,
                authorization,
                response -> answer(response, request, fields, new Posted(bucket, key)));
    }

    /// Where an object was posted to.
    private record Posted(String bucket, String key) {}

    private static S3Error missing(String field) {
        return S3Errors.invalidArgument(
                "Bucket POST must contain a field named '"
                        + field
                        + "'.  If it is specified, please check the order of the fields.",
                field,
                "");
    }

    private static @Nullable Authorization authorization(Map<String, String> fields) {
        String policy = fields.get("policy");
        boolean four =
                fields.containsKey("x-amz-credential")
                        || fields.containsKey("x-amz-algorithm")
                        || fields.containsKey("x-amz-signature");
        boolean two = fields.containsKey("awsaccesskeyid") || fields.containsKey("signature");
        if (policy == null || (!four && !two)) {
            if (policy != null || four || two) {
                throw policy == null ? missing("policy") : S3Errors.accessDenied();
            }
            return null;
        }
        String token = fields.get("x-amz-security-token");
        if (!four) {
            String key = required(fields, "AWSAccessKeyId");
            return Authorization.form2(key, required(fields, "Signature"), token, policy);
        }
        required(fields, "X-Amz-Algorithm");
        String credential = required(fields, "X-Amz-Credential");
        String time = required(fields, "X-Amz-Date");
        String signature = required(fields, "X-Amz-Signature");
        try {
            return Authorization.form4(credential, time, signature, token, policy);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument(e.getMessage(), "X-Amz-Credential", credential);
        }
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private static Headers headers(Request request, Map<String, String> fields) {
        Headers.Builder headers = Headers.builder();
        for (String passed : new String[] {"origin", "referer", "user-agent"}) {
            String value = request.headers().first(passed);
            if (value != null) {
                headers.set(passed, value);
            }
        }
        fields.forEach((name, value) -> {
            boolean header = name.startsWith(PREFIX) && !SIGNING.contains(name);
            if (header || HEADERS.contains(name)) {
                headers.set(name, value);
            }
        });
        String acl = fields.get("acl");
        if (acl != null) {
            headers.set("x-amz-acl", acl);
        }
        String tagging = fields.get("tagging");
        if (tagging != null) {
            headers.set("x-amz-tagging", tagging(tagging));
        }
        return headers.build();
    }

    /// Tags as PutObject's header has them: a form has them in XML.
    private static String tagging(String xml) {
        Tagging.Builder builder = Tagging.builder();
        XmlReader.read(xml.getBytes(StandardCharsets.UTF_8), Tagging.SCHEMA, builder);
        Tagging read = builder.build();
        StringBuilder query = new StringBuilder();
        if (read.tagSet() != null) {
            for (Tag tag : read.tagSet()) {
                query.append(query.isEmpty() ? "" : "&");
                query.append(encoded(tag.key())).append('=').append(encoded(tag.value()));
            }
        }
        return query.toString();
    }

    private static Response answer(
            Response put, Request request, Map<String, String> fields, Posted posted) {
        String eTag = String.valueOf(put.headers().first("etag"));
        String redirect = fields.getOrDefault("success_action_redirect", fields.get("redirect"));
        URI target = redirect == null ? null : uri(redirect);
        if (target != null) {
            String query =
                    "bucket="
                            + encoded(posted.bucket())
                            + "&key="
                            + encoded(posted.key())
                            + "&etag="
                            + encoded(eTag);
            String joint = target.getRawQuery() == null ? "?" : "&";
            return Response.empty(
                    303,
                    put.headers().toBuilder().set("location", redirect + joint + query).build());
        }
        String location = location(request, posted);
        Headers headers = put.headers().toBuilder().set("location", location).build();
        return switch (fields.getOrDefault("success_action_status", "204")) {
            case "200" -> Response.empty(200, headers);
            case "201" -> created(headers, location, posted, eTag);
            default -> Response.empty(204, headers);
        };
    }

    private static Response created(Headers headers, String location, Posted posted, String eTag) {
        XmlWriter out =
                new XmlWriter(XmlWriter.Dialect.S3).declaration().open("PostResponse", null);
        out.element("Location", location).element("Bucket", posted.bucket());
        Blob body =
                out.element("Key", posted.key())
                        .element("ETag", eTag)
                        .close("PostResponse")
                        .toBlob();
        Headers typed = headers.toBuilder().set("content-type", "application/xml").build();
        return new Response(201, typed, ByteStream.of(body));
    }

    private static String location(Request request, Posted posted) {
        String scheme = request.secure() ? "https://" : "http://";
        boolean virtual = request.host().startsWith(posted.bucket() + ".");
        String bucket = virtual ? "" : "/" + posted.bucket();
        return scheme + request.host() + bucket + "/" + encoded(posted.key());
    }

    /// Where a form wants its sender to go on, or null when that is no address.
    private static @Nullable URI uri(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            return web && uri.getHost() != null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /// A file that must have a policy's number of bytes.
    private static final class Sized extends FilterInputStream {
        private final Sizes sizes;
        private long count;

        Sized(InputStream in, Sizes sizes) {
            super(in);
            this.sizes = sizes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            count += Math.max(n, 0);
            if (count > sizes.most()) {
                throw S3Errors.entityTooLarge(count, sizes.most());
            }
            if (n < 0 && count < sizes.least()) {
                throw S3Error.of(
                                400,
                                "EntityTooSmall",
                                "Your proposed upload is smaller than the minimum allowed size")
                        .with("ProposedSize", Long.toString(count))
                        .with("MinSizeAllowed", Long.toString(sizes.least()));
            }
            return n;
        }
    }
}
