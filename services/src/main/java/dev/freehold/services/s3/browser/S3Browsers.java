package dev.freehold.services.s3.browser;

import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.protocol.browser.Form;
import dev.freehold.services.s3.config.BucketConfigs;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.rules.CorsRule;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.storage.Store;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// S3 for web browsers.
public final class S3Browsers implements Browsers {
    private static final String ORIGIN = "origin";
    private static final String METHOD = "access-control-request-method";
    private static final String HEADERS = "access-control-request-headers";

    private final Store store;
    private final InstantSource clock;

    public S3Browsers(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// What a request addresses.
    private record Place(String bucket, boolean object) {
        static Place of(Request request) {
            String path = request.rawPath().substring(1);
            int slash = path.indexOf('/');
            String bucket = slash < 0 ? path : path.substring(0, slash);
            boolean object = slash >= 0 && slash < path.length() - 1;
            return new Place(decoded(bucket), object);
        }

        private static String decoded(String bucket) {
            try {
                return URLDecoder.decode(bucket, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return bucket;
            }
        }
    }

    @Override
    public Headers preflight(Request request) {
        String origin = request.headers().first(ORIGIN);
        if (origin == null) {
            throw S3Error.of(
                    400, "BadRequest", "Insufficient information. Origin request header needed.");
        }
        String asked = request.headers().first(METHOD);
        String method = asked == null ? request.method() : asked;
        Place place = Place.of(request);
        List<CorsRule> rules = rules(place.bucket());
        if (rules == null) {
            throw refused("CORSResponse: Bucket not found", method, "BUCKET");
        }
        if (rules.isEmpty()) {
            throw refused("CORSResponse: CORS is not enabled for this bucket.", method, "BUCKET");
        }
        List<String> wanted = wanted(request);
        CorsRule rule = CorsRule.find(rules, origin, method, wanted);
        if (rule == null) {
            throw refused(
                    "CORSResponse: This CORS request is not allowed. This is usually because the"
                            + " evalution of Origin, request method / Access-Control-Request-Method"
                            + " or Access-Control-Request-Headers are not whitelisted by the"
                            + " resource's CORS spec.",
                    method,
                    place.object() ? "OBJECT" : "BUCKET");
        }
        return rule.answer(origin, wanted);
    }

    private static S3Error refused(String message, String method, String type) {
        return S3Error.of(403, "AccessForbidden", message)
                .with("Method", method)
                .with("ResourceType", type);
    }

    @Override
    public Headers readable(Request request) {
        String origin = request.headers().first(ORIGIN);
        List<CorsRule> rules = origin == null ? null : rules(Place.of(request).bucket());
        if (origin == null || rules == null) {
            return Headers.EMPTY;
        }
        List<String> wanted = wanted(request);
        CorsRule rule = CorsRule.find(rules, origin, request.method(), wanted);
        return rule == null ? Headers.EMPTY : rule.answer(origin, wanted);
    }

    private static List<String> wanted(Request request) {
        List<String> names = new ArrayList<>();
        for (String header : request.headers().all(HEADERS)) {
            for (String name : header.split(",")) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }

    /// A bucket's rules; null when there is no such bucket.
    private @Nullable List<CorsRule> rules(String bucket) {
        return store.read(tx ->
                tx.get(S3Tables.BUCKETS, bucket) == null
                        ? null
                        : BucketConfigs.corsRules(tx, bucket));
    }

    @Override
    public @Nullable Form form(Request request) {
        Place place = Place.of(request);
        if (place.bucket().isEmpty() || place.object() || !request.rawQuery().isEmpty()) {
            return null;
        }
        String type = request.headers().first("content-type");
        boolean multipart = type != null && type.startsWith("multipart/form-data");
        boolean other =
                request.headers().contains("authorization")
                        || request.headers().contains("x-amz-target")
                        || (type != null && type.startsWith("application/"));
        return multipart || !other
                ? PostedForms.read(request, place.bucket(), clock.instant())
                : null;
    }
}
