package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.Initiator;
import dev.freehold.api.s3.ListMultipartUploadsRequest;
import dev.freehold.api.s3.ListMultipartUploadsResponse;
import dev.freehold.api.s3.ListPartsRequest;
import dev.freehold.api.s3.ListPartsResponse;
import dev.freehold.api.s3.MultipartUpload;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.listing.Page;
import dev.freehold.services.s3.listing.Page.Query;
import dev.freehold.services.s3.listing.Position;
import dev.freehold.services.s3.listing.Walks;
import dev.freehold.services.s3.listing.Walks.ListedUpload;
import dev.freehold.services.s3.ops.Listings.Encoding;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.state.S3Tables.UploadKey;
import dev.freehold.services.s3.state.Upload;
import dev.freehold.services.s3.wire.Output;
import java.util.List;

/// ListParts and ListMultipartUploads.
public final class UploadListings {
    private static final int MOST_PARTS = 1000;

    private final Context context;

    public UploadListings(Context context) {
        this.context = context;
    }

    /// An upload, and some of its parts.
    private record Found(Upload upload, List<Part> parts) {}

    public ListPartsResponse parts(ListPartsRequest request) {
        int asked = request.maxParts() == null ? MOST_PARTS : request.maxParts();
        int marker = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        if (asked < 0 || marker < 0) {
            throw S3Errors.invalidArgument(
                    "Argument max-parts must be an integer between 0 and 2147483647",
                    "max-parts",
                    Integer.toString(asked));
        }
        int most = Math.min(asked, MOST_PARTS);
        UploadKey key = Uploads.key(request.bucket(), request.key(), request.uploadId());
        Found found =
                context.store()
                        .read(tx -> {
                            Upload upload = Uploads.find(tx, key, request.expectedBucketOwner());
                            return new Found(upload, Parts.after(tx, key.id(), marker, most + 1));
                        });
        boolean more = most > 0 && found.parts().size() > most;
        List<Part> page = found.parts().subList(0, Math.min(most, found.parts().size()));
        Upload upload = found.upload();
        boolean shown = upload.checksum() != null;
        ListPartsResponse.Builder answer =
                ListPartsResponse.builder()
                        .bucket(request.bucket())
                        .key(request.key())
                        .uploadId(request.uploadId())
                        .partNumberMarker(marker)
                        .nextPartNumberMarker(page.isEmpty() ? 0 : page.getLast().number())
                        .maxParts(most)
                        .isTruncated(more)
                        .parts(
                                Output.nullIfEmpty(
                                        page.stream().map(part -> part(part, shown)).toList()))
                        .initiator(initiator(upload))
                        .owner(Buckets.owner(CanonicalId.of(upload.account())))
                        .storageClass(upload.properties().storageClass());
        if (upload.checksum() != null) {
            answer.checksumAlgorithm(upload.checksum().algorithm().name())
                    .checksumType(upload.checksum().type());
        }
        return answer.build();
    }

    private static dev.freehold.api.s3.Part part(Part part, boolean withChecksum) {
        dev.freehold.api.s3.Part.Builder shown =
                dev.freehold.api.s3.Part.builder()
                        .partNumber(part.number())
                        .lastModified(part.modified())
                        .eTag('"' + part.eTag() + '"')
                        .size(part.size());
        if (withChecksum) {
            new Output(dev.freehold.api.s3.Part.SCHEMA, shown).checksum(part.checksum());
        }
        return shown.build();
    }

    private static Initiator initiator(Upload upload) {
        String id = CanonicalId.of(upload.account());
        return Initiator.builder().id(id).displayName(id).build();
    }

    public ListMultipartUploadsResponse uploads(ListMultipartUploadsRequest request) {
        Encoding encoding = Encoding.of(request.encodingType());
        Query query = Listings.query(request.prefix(), request.delimiter(), request.maxUploads());
        Position start = start(request, query);
        Page<ListedUpload> page =
                context.store()
                        .read(tx -> {
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                            return Page.of(
                                    Walks.uploads(tx, request.bucket(), query.prefix()),
                                    query,
                                    start);
                        });
        ListMultipartUploadsResponse.Builder answer =
                ListMultipartUploadsResponse.builder()
                        .bucket(request.bucket())
                        .prefix(encoding.maybe(request.prefix()))
                        .delimiter(encoding.maybe(query.delimiter()))
                        .keyMarker(encoding.apply(Listings.orEmpty(request.keyMarker())))
                        .uploadIdMarker(Listings.orEmpty(request.uploadIdMarker()))
                        .maxUploads(query.max())
                        .encodingType(request.encodingType())
                        .isTruncated(page.truncated())
                        .uploads(
                                Output.nullIfEmpty(
                                        page.entries().stream()
                                                .map(entry -> shown(entry, encoding))
                                                .toList()))
                        .commonPrefixes(Listings.prefixes(page.prefixes(), encoding));
        mark(answer, page, encoding);
        return answer.build();
    }

    /// AWS: the markers of the next page are there even when there is none.
    private static void mark(
            ListMultipartUploadsResponse.Builder answer,
            Page<ListedUpload> page,
            Encoding encoding) {
        Position next = page.next();
        if (next != null) {
            answer.nextKeyMarker(encoding.apply(Listings.text(next)));
            if (next instanceof Position.AfterKey(_, String id)) {
                answer.nextUploadIdMarker(id);
            }
        } else if (!page.entries().isEmpty()) {
            ListedUpload last = page.entries().getLast();
            answer.nextKeyMarker(encoding.apply(last.key())).nextUploadIdMarker(last.upload().id());
        }
    }

    private static Position start(ListMultipartUploadsRequest request, Query query) {
        String key = request.keyMarker();
        String id = request.uploadIdMarker();
        if (key == null || key.isEmpty() || id == null || id.isEmpty()) {
            return Position.ofMarker(key, query.prefix(), query.delimiter());
        }
        return new Position.AfterKey(key, id);
    }

    private static MultipartUpload shown(ListedUpload entry, Encoding encoding) {
        Upload upload = entry.upload();
        MultipartUpload.Builder shown =
                MultipartUpload.builder()
                        .uploadId(upload.id())
                        .key(encoding.apply(entry.key()))
                        .initiated(upload.initiated())
                        .storageClass(upload.properties().storageClass())
                        .owner(Buckets.owner(CanonicalId.of(upload.account())))
                        .initiator(initiator(upload));
        if (upload.checksum() != null) {
            shown.checksumAlgorithm(upload.checksum().algorithm().name())
                    .checksumType(upload.checksum().type());
        }
        return shown.build();
    }
}
