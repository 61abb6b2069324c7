package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.DeleteMarkerEntry;
import dev.freehold.api.s3.ListObjectVersionsRequest;
import dev.freehold.api.s3.ListObjectVersionsResponse;
import dev.freehold.api.s3.ObjectVersion;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.listing.Entries;
import dev.freehold.services.s3.listing.Page;
import dev.freehold.services.s3.listing.Page.Query;
import dev.freehold.services.s3.listing.Position;
import dev.freehold.services.s3.listing.Walks;
import dev.freehold.services.s3.listing.Walks.ListedVersion;
import dev.freehold.services.s3.ops.Listings.Encoding;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.wire.Output;
import java.util.List;

/// ListObjectVersions.
public final class VersionListing {
    private final Context context;

    public VersionListing(Context context) {
        this.context = context;
    }

    public ListObjectVersionsResponse list(ListObjectVersionsRequest request) {
        Encoding encoding = Encoding.of(request.encodingType());
        Query query = Listings.query(request.prefix(), request.delimiter(), request.maxKeys());
        Position start = start(request, query);
        Page<ListedVersion> page =
                context.store()
                        .read(tx -> {
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                            Entries<ListedVersion> walk =
                                    Walks.versions(tx, request.bucket(), query.prefix());
                            return Page.of(walk, query, start);
                        });
        ListObjectVersionsResponse.Builder answer =
                ListObjectVersionsResponse.builder()
                        .name(request.bucket())
                        .prefix(encoding.apply(query.prefix()))
                        .delimiter(encoding.maybe(query.delimiter()))
                        .keyMarker(encoding.apply(Listings.orEmpty(request.keyMarker())))
                        .versionIdMarker(Listings.orEmpty(request.versionIdMarker()))
                        .maxKeys(query.max())
                        .encodingType(request.encodingType())
                        .isTruncated(page.truncated())
                        .versions(Output.nullIfEmpty(versions(page, encoding)))
                        .deleteMarkers(Output.nullIfEmpty(markers(page, encoding)))
                        .commonPrefixes(Listings.prefixes(page.prefixes(), encoding));
        Position next = page.next();
        if (next != null) {
            answer.nextKeyMarker(encoding.apply(Listings.text(next)));
            if (next instanceof Position.AfterKey(_, String versionId)) {
                answer.nextVersionIdMarker(versionId);
            }
        }
        return answer.build();
    }

    private static Position start(ListObjectVersionsRequest request, Query query) {
        String versionId = request.versionIdMarker();
        String key = request.keyMarker();
        if (versionId == null) {
            return Position.ofMarker(key, query.prefix(), query.delimiter());
        }
        if (versionId.isEmpty()) {
            throw S3Errors.invalidArgument(
                    "A version-id marker cannot be empty.", "version-id-marker", "");
        }
        if (key == null || key.isEmpty()) {
            throw S3Errors.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.",
                    "version-id-marker",
                    versionId);
        }
        return new Position.AfterKey(key, versionId);
    }

    private static List<ObjectVersion> versions(Page<ListedVersion> page, Encoding encoding) {
        return page.entries().stream()
                .filter(entry -> !entry.version().isMarker())
                .map(entry -> version(entry, encoding))
                .toList();
    }

    private static ObjectVersion version(ListedVersion entry, Encoding encoding) {
        Version version = entry.version();
        Checksum checksum = version.bytes().checksum();
        return ObjectVersion.builder()
                .eTag(ObjectWrites.quoted(version.bytes()))
                .checksumAlgorithm(checksum == null ? null : List.of(checksum.algorithm().name()))
                .checksumType(checksum == null ? null : checksum.type())
                .size(version.bytes().size())
                .storageClass(version.properties().storageClass())
                .key(encoding.apply(entry.key()))
                .versionId(version.id())
                .isLatest(entry.latest())
                .lastModified(version.modified())
                .owner(Buckets.owner(version.ownerId()))
                .build();
    }

    private static List<DeleteMarkerEntry> markers(Page<ListedVersion> page, Encoding encoding) {
        return page.entries().stream()
                .filter(entry -> entry.version().isMarker())
                .map(entry ->
                        DeleteMarkerEntry.builder()
                                .owner(Buckets.owner(entry.version().ownerId()))
                                .key(encoding.apply(entry.key()))
                                .versionId(entry.version().id())
                                .isLatest(entry.latest())
                                .lastModified(entry.version().modified())
                                .build())
                .toList();
    }
}
