package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freehold.api.s3.AbortMultipartUploadRequest;
import dev.freehold.api.s3.Checksum;
import dev.freehold.api.s3.CompleteMultipartUploadRequest;
import dev.freehold.api.s3.CompleteMultipartUploadResponse;
import dev.freehold.api.s3.CompletedMultipartUpload;
import dev.freehold.api.s3.CompletedPart;
import dev.freehold.api.s3.CreateMultipartUploadRequest;
import dev.freehold.api.s3.GetObjectAttributesRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.UploadPartRequest;
import dev.freehold.api.s3.UploadPartResponse;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.state.Garbage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UploadsTest {
    private static final String BIG = "a".repeat(5 << 20);

    private final S3Fixture fixture = new S3Fixture().bucket("big");
    private String upload = create(null, null);

    @Test
    void partsBecomeOneObjectThatIsReadAcrossThem() {
        CompletedPart first = part(1, BIG);
        CompletedPart second = part(2, "bcd");

        CompleteMultipartUploadResponse done = complete(first, second);

        assertThat(done.eTag()).endsWith("-2\"");
        assertThat(done.checksumType()).isEqualTo("FULL_OBJECT");
        String range = "bytes=" + (BIG.length() - 2) + "-" + BIG.length();
        GetObjectResponse across =
                fixture.s3.getObject(S3Fixture.get("big", "k").range(range).build(), ALICE);
        assertThat(S3Fixture.text(across)).isEqualTo("aab");
        GetObjectResponse part =
                fixture.s3.getObject(S3Fixture.get("big", "k").partNumber(2).build(), ALICE);
        assertThat(S3Fixture.text(part)).isEqualTo("bcd");
        assertThat(part.partsCount()).isEqualTo(2);
    }

    @Test
    void aPartHasAChecksumOnlyWhereTheObjectsIsMadeOfItsParts() {
        upload = create("CRC32", "COMPOSITE");
        CompletedPart first = part(1, BIG);
        CompletedPart second = part(2, "bcd");
        String whole = complete(first, second).checksumCRC32();

        GetObjectResponse part = secondPart();
        assertThat(part.checksumCRC32()).isEqualTo(second.checksumCRC32());
        assertThat(part.checksumType()).isEqualTo("COMPOSITE");
        assertThat(whole).endsWith("-2").startsWith(attributes().checksumCRC32());

        upload = create("CRC32", "FULL_OBJECT");
        complete(part(1, BIG), part(2, "bcd"));

        assertThat(secondPart().checksumCRC32()).isNull();
        assertThat(secondPart().checksumType()).isNull();
    }

    private GetObjectResponse secondPart() {
        return fixture.s3.getObject(
                S3Fixture.get("big", "k").partNumber(2).checksumMode("ENABLED").build(), ALICE);
    }

    private Checksum attributes() {
        return Objects.requireNonNull(
                fixture.s3
                        .getObjectAttributes(
                                GetObjectAttributesRequest.builder()
                                        .bucket("big")
                                        .key("k")
                                        .objectAttributes(List.of("Checksum"))
                                        .build(),
                                ALICE)
                        .checksum());
    }

    @Test
    void completingAgainAnswersTheSame() {
        CompletedPart only = part(1, "x");

        assertThat(complete(only).eTag()).isEqualTo(complete(only).eTag());
    }

    @Test
    void partsOutOfOrderUnknownOrTooSmallAreRefused() {
        CompletedPart first = part(1, "a");
        CompletedPart second = part(2, "b");
        CompletedPart wrong = second.toBuilder().eTag("\"x\"").build();

        assertThat(refused(second, first)).isEqualTo("InvalidPartOrder");
        assertThat(refused(first, wrong)).isEqualTo("InvalidPart");
        assertThat(refused(first, second)).isEqualTo("EntityTooSmall");
    }

    @Test
    void whatIsReplacedNotChosenOrAbortedIsRemoved() {
        part(1, "old");
        CompletedPart kept = part(1, "new");
        part(2, "not chosen");
        complete(kept);
        String aborted = create(null, null);
        fixture.s3.uploadPart(request(aborted, 1, "gone"), ALICE);
        fixture.s3.abortMultipartUpload(
                AbortMultipartUploadRequest.builder()
                        .bucket("big")
                        .key("k")
                        .uploadId(aborted)
                        .build(),
                ALICE);

        fixture.garbage.sweep(fixture.clock.instant().plus(Garbage.GRACE).plusSeconds(1));

        assertThat(fixture.blobs.count()).isEqualTo(1);
        assertThat(fixture.text("big", "k")).isEqualTo("new");
    }

    private String create(@Nullable String algorithm, @Nullable String type) {
        return Objects.requireNonNull(
                fixture.s3
                        .createMultipartUpload(
                                CreateMultipartUploadRequest.builder()
                                        .bucket("big")
                                        .key("k")
                                        .checksumAlgorithm(algorithm)
                                        .checksumType(type)
                                        .build(),
                                ALICE)
                        .uploadId());
    }

    private CompletedPart part(int number, String text) {
        UploadPartResponse part = fixture.s3.uploadPart(request(upload, number, text), ALICE);
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(part.eTag())
                .checksumCRC32(part.checksumCRC32())
                .build();
    }

    private static UploadPartRequest request(String upload, int number, String text) {
        return UploadPartRequest.builder()
                .bucket("big")
                .key("k")
                .uploadId(upload)
                .partNumber(number)
                .bodyValue(S3Fixture.body(text))
                .build();
    }

    private CompleteMultipartUploadResponse complete(CompletedPart... parts) {
        return fixture.s3.completeMultipartUpload(
                CompleteMultipartUploadRequest.builder()
                        .bucket("big")
                        .key("k")
                        .uploadId(upload)
                        .multipartUpload(
                                CompletedMultipartUpload.builder().parts(List.of(parts)).build())
                        .build(),
                ALICE);
    }

    private String refused(CompletedPart... parts) {
        return catchThrowableOfType(S3Error.class, () -> complete(parts)).shape().code();
    }
}
