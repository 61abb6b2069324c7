package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.Checksum;
import dev.freehold.api.s3.GetObjectAttributesParts;
import dev.freehold.api.s3.GetObjectAttributesRequest;
import dev.freehold.api.s3.GetObjectAttributesResponse;
import dev.freehold.api.s3.ObjectPart;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.ops.ObjectSettings.Found;
import dev.freehold.services.s3.ops.ObjectSettings.Target;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// GetObjectAttributes.
public final class ObjectAttributes {
    private static final int MOST_PARTS = 1000;
    private static final Set<String> KNOWN =
            Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");

    private final Context context;

    public ObjectAttributes(Context context) {
        this.context = context;
    }

    public GetObjectAttributesResponse get(GetObjectAttributesRequest request) {
        CustomerSecret secret = new Input(request).secret("");
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "GET");
        Found found = context.store().read(tx -> ObjectSettings.find(tx, target));
        Content content = found.version().bytes();
        ObjectReads.checkSecret(content, secret);
        List<String> asked = request.objectAttributes();
        for (String attribute : asked) {
            if (!KNOWN.contains(attribute)) {
                throw S3Errors.invalidArgument(
                        "Invalid attribute name specified.", "x-amz-object-attributes", attribute);
            }
        }
        GetObjectAttributesResponse.Builder answer =
                GetObjectAttributesResponse.builder()
                        .lastModified(found.version().modified())
                        .versionId(found.versionId());
        if (asked.contains("ETag")) {
            answer.eTag(content.eTag());
        }
        if (asked.contains("Checksum") && content.checksum() != null) {
            Checksum.Builder checksum = Checksum.builder();
            new Output(Checksum.SCHEMA, checksum).checksum(content.checksum().bare());
            answer.checksum(checksum.build());
        }
        if (asked.contains("ObjectParts") && content.inParts()) {
            answer.objectParts(parts(request, content));
        }
        if (asked.contains("StorageClass")) {
            answer.storageClass(found.version().properties().storageClass());
        }
        if (asked.contains("ObjectSize")) {
            answer.objectSize(content.size());
        }
        return answer.build();
    }

    private GetObjectAttributesParts parts(GetObjectAttributesRequest request, Content content) {
        GetObjectAttributesParts.Builder answer =
                GetObjectAttributesParts.builder().totalPartsCount(content.parts());
        boolean composite = content.checksum() != null && content.checksum().composite();
        if (!composite) {
            // AWS: parts are listed only where each has a checksum of its own.
            return answer.build();
        }
        int asked = request.maxParts() == null ? MOST_PARTS : request.maxParts();
        int most = Math.clamp(asked, 0, MOST_PARTS);
        int marker = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        List<Part> found =
                context.store().read(tx -> Parts.after(tx, content.id(), marker, most + 1));
        List<ObjectPart> page = new ArrayList<>();
        for (Part part : found.subList(0, Math.min(most, found.size()))) {
            ObjectPart.Builder shown =
                    ObjectPart.builder().partNumber(part.number()).size(part.size());
            new Output(ObjectPart.SCHEMA, shown).checksum(part.checksum());
            page.add(shown.build());
        }
        Integer last = page.isEmpty() ? Integer.valueOf(0) : page.getLast().partNumber();
        return answer.partNumberMarker(marker)
                .nextPartNumberMarker(last)
                .maxParts(most)
                .isTruncated(found.size() > most)
                .parts(Output.nullIfEmpty(page))
                .build();
    }
}
