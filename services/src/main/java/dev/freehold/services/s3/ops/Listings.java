package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.CommonPrefix;
import dev.freehold.api.s3.ListObjectsRequest;
import dev.freehold.api.s3.ListObjectsResponse;
import dev.freehold.api.s3.ListObjectsV2Request;
import dev.freehold.api.s3.ListObjectsV2Response;
import dev.freehold.api.s3.S3Object;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.listing.ContinuationToken;
import dev.freehold.services.s3.listing.Page;
import dev.freehold.services.s3.listing.Page.Query;
import dev.freehold.services.s3.listing.Position;
import dev.freehold.services.s3.listing.Walks;
import dev.freehold.services.s3.listing.Walks.Listed;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Transaction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ListObjects and ListObjectsV2.
public final class Listings {
    private static final int MOST_KEYS = 1000;

    private final Context context;

    public Listings(Context context) {
        this.context = context;
    }

    public ListObjectsResponse list(ListObjectsRequest request) {
        Encoding encoding = Encoding.of(request.encodingType());
        Query query = query(request.prefix(), request.delimiter(), request.maxKeys());
        Position start = Position.ofMarker(request.marker(), query.prefix(), query.delimiter());
        Page<Listed> page =
                context.store()
                        .read(tx -> {
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                            return page(tx, request.bucket(), query, start);
                        });
        Position next = page.next();
        // AWS: without a delimiter the marker is the last key, which clients have already.
        boolean marked = query.delimiter() != null || page.entries().isEmpty();
        String nextMarker = next == null || !marked ? null : encoding.apply(text(next));
        return ListObjectsResponse.builder()
                .name(request.bucket())
                .prefix(encoding.apply(query.prefix()))
                .marker(encoding.apply(orEmpty(request.marker())))
                .delimiter(encoding.maybe(query.delimiter()))
                .maxKeys(query.max())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .nextMarker(nextMarker)
                .contents(contents(page, encoding, true))
                .commonPrefixes(prefixes(page.prefixes(), encoding))
                .build();
    }

    public ListObjectsV2Response listV2(ListObjectsV2Request request) {
        Encoding encoding = Encoding.of(request.encodingType());
        Query query = query(request.prefix(), request.delimiter(), request.maxKeys());
        Position start = start(request);
        Page<Listed> page =
                context.store()
                        .read(tx -> {
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                            return page(tx, request.bucket(), query, start);
                        });
        Position next = page.next();
        boolean owners = Boolean.TRUE.equals(request.fetchOwner());
        return ListObjectsV2Response.builder()
                .name(request.bucket())
                .prefix(encoding.apply(query.prefix()))
                // AWS: a token outweighs where the first page began.
                .startAfter(
                        request.continuationToken() == null
                                ? encoding.maybe(request.startAfter())
                                : null)
                .delimiter(encoding.maybe(query.delimiter()))
                .maxKeys(query.max())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .keyCount(page.entries().size() + page.prefixes().size())
                .continuationToken(request.continuationToken())
                .nextContinuationToken(next == null ? null : ContinuationToken.of(next))
                .contents(contents(page, encoding, owners))
                .commonPrefixes(prefixes(page.prefixes(), encoding))
                .build();
    }

    private static Position start(ListObjectsV2Request request) {
        String token = request.continuationToken();
        if (token == null) {
            String after = request.startAfter();
            return after == null ? new Position.Beginning() : new Position.AfterKey(after);
        }
        Position position = token.isEmpty() ? null : ContinuationToken.parse(token);
        if (position == null) {
            throw S3Errors.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", null);
        }
        return position;
    }

    private static Page<Listed> page(Transaction tx, String bucket, Query query, Position start) {
        return Page.of(Walks.objects(tx, bucket, query.prefix()), query, start);
    }

    /// What a request asks to list.
    static Query query(@Nullable String prefix, @Nullable String delimiter, @Nullable Integer max) {
        if (max != null && max < 0) {
            throw S3Errors.invalidArgument(
                    "Argument maxKeys must be an integer between 0 and 2147483647",
                    "maxKeys",
                    max.toString());
        }
        String at = delimiter == null || delimiter.isEmpty() ? null : delimiter;
        return new Query(orEmpty(prefix), at, max == null ? MOST_KEYS : Math.min(max, MOST_KEYS));
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// A position as a marker shows it.
    static String text(Position position) {
        return switch (position) {
            case Position.Beginning() -> "";
            case Position.AfterKey(String key, _) -> key;
            case Position.AfterPrefix(String prefix) -> prefix;
        };
    }

    private static @Nullable List<S3Object> contents(
            Page<Listed> page, Encoding encoding, boolean owners) {
        return Output.nullIfEmpty(
                page.entries().stream().map(entry -> shown(entry, encoding, owners)).toList());
    }

    private static S3Object shown(Listed entry, Encoding encoding, boolean owners) {
        Version version = entry.version();
        Checksum checksum = version.bytes().checksum();
        return S3Object.builder()
                .key(encoding.apply(entry.key()))
                .lastModified(version.modified())
                .eTag(ObjectWrites.quoted(version.bytes()))
                .checksumAlgorithm(checksum == null ? null : List.of(checksum.algorithm().name()))
                .checksumType(checksum == null ? null : checksum.type())
                .size(version.bytes().size())
                .storageClass(version.properties().storageClass())
                .owner(owners ? Buckets.owner(version.ownerId()) : null)
                .build();
    }

    static @Nullable List<CommonPrefix> prefixes(List<String> prefixes, Encoding encoding) {
        return Output.nullIfEmpty(
                prefixes.stream()
                        .map(prefix ->
                                CommonPrefix.builder().prefix(encoding.apply(prefix)).build())
                        .toList());
    }

    /// How keys are written in a listing: as they are, or percent-encoded, since XML can't hold
    /// every character.
    enum Encoding {
        NONE,
        URL;

        static Encoding of(@Nullable String type) {
            if (type == null) {
                return NONE;
            }
            if (!type.equals("url")) {
                throw invalid(type);
            }
            return URL;
        }

        private static S3Error invalid(String type) {
            return S3Errors.invalidArgument(
                    "Invalid Encoding Method specified in Request",
                    "encoding-type",
                    type.isEmpty() ? null : type);
        }

        String apply(String text) {
            return this == NONE
                    ? text
                    : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
        }

        @Nullable String maybe(@Nullable String text) {
            return text == null ? null : apply(text);
        }
    }
}
