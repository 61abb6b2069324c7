package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static dev.freehold.services.s3.S3Fixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freehold.api.s3.CopyObjectRequest;
import dev.freehold.api.s3.CreateBucketRequest;
import dev.freehold.api.s3.Delete;
import dev.freehold.api.s3.DeleteBucketRequest;
import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.DeleteObjectsRequest;
import dev.freehold.api.s3.DeleteObjectsResponse;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.HeadObjectRequest;
import dev.freehold.api.s3.ListObjectsV2Request;
import dev.freehold.api.s3.ListObjectsV2Response;
import dev.freehold.api.s3.ObjectIdentifier;
import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.PutObjectResponse;
import dev.freehold.api.s3.S3Object;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.state.Garbage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ObjectsTest {
    private final S3Fixture fixture = new S3Fixture().bucket("photos");

    @Test
    void anObjectIsReadAsItWasWritten() {
        PutObjectResponse put =
                fixture.s3.putObject(
                        PutObjectRequest.builder()
                                .bucket("photos")
                                .key("a/b c")
                                .bodyValue(S3Fixture.body("hello"))
                                .contentType("text/plain")
                                .contentEncoding("aws-chunked,gzip")
                                .metadata(Map.of("Camera", "X100"))
                                .tagging("k=v")
                                .build(),
                        ALICE);

        GetObjectResponse got =
                fixture.s3.getObject(S3Fixture.get("photos", "a/b c").build(), ALICE);

        assertThat(put.eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(put.checksumCRC64NVME()).isEqualTo("M3eFcAZSQlc=");
        assertThat(S3Fixture.text(got)).isEqualTo("hello");
        assertThat(got.contentType()).isEqualTo("text/plain");
        assertThat(got.contentEncoding()).isEqualTo("gzip");
        assertThat(got.metadata()).containsEntry("camera", "X100");
        assertThat(got.tagCount()).isEqualTo(1);
        assertThat(got.contentRange()).isNull();
    }

    @Test
    void aRangeIsReadFromTheMiddle() {
        fixture.put("photos", "k", "0123456789");

        GetObjectResponse got =
                fixture.s3.getObject(
                        S3Fixture.get("photos", "k").range("bytes=3-5").build(), ALICE);

        assertThat(S3Fixture.text(got)).isEqualTo("345");
        assertThat(got.contentRange()).isEqualTo("bytes 3-5/10");
        assertThat(got.contentLength()).isEqualTo(3);
    }

    @Test
    void bytesThatAreNotWhatWasAnnouncedLeaveNothing() {
        PutObjectRequest wrong =
                PutObjectRequest.builder()
                        .bucket("photos")
                        .key("k")
                        .bodyValue(S3Fixture.body("hello"))
                        .contentMD5("1B2M2Y8AsgTpgAmY7PhCfg==")
                        .build();

        S3Error error = error(() -> fixture.s3.putObject(wrong, ALICE));

        assertThat(error.shape().code()).isEqualTo("BadDigest");
        assertThat(fixture.blobs.count()).isZero();
        assertThat(error(() -> fixture.text("photos", "k")).shape().code()).isEqualTo("NoSuchKey");
    }

    @Test
    void aWrongChecksumIsRefused() {
        PutObjectRequest wrong =
                PutObjectRequest.builder()
                        .bucket("photos")
                        .key("k")
                        .bodyValue(S3Fixture.body("hello"))
                        .checksumCRC32("AAAAAA==")
                        .build();

        assertThatThrownBy(() -> fixture.s3.putObject(wrong, ALICE))
                .hasMessage("The CRC32 you specified did not match the calculated checksum.");
    }

    @Test
    void aWriteThatDemandsThatNothingIsThereFailsWhenSomethingIs() {
        fixture.put("photos", "k", "old");
        PutObjectRequest request =
                PutObjectRequest.builder()
                        .bucket("photos")
                        .key("k")
                        .bodyValue(S3Fixture.body("new"))
                        .ifNoneMatch("*")
                        .build();

        assertThat(error(() -> fixture.s3.putObject(request, ALICE)).shape().status())
                .isEqualTo(412);
        assertThat(fixture.text("photos", "k")).isEqualTo("old");
    }

    @Test
    void bytesThatAreReplacedAreRemovedLater() {
        fixture.put("photos", "k", "old");
        fixture.put("photos", "k", "new");

        fixture.garbage.sweep(fixture.clock.instant());
        assertThat(fixture.blobs.count()).isEqualTo(2);

        fixture.garbage.sweep(fixture.clock.instant().plus(Garbage.GRACE).plusSeconds(1));
        assertThat(fixture.blobs.count()).isEqualTo(1);
        assertThat(fixture.text("photos", "k")).isEqualTo("new");
    }

    @Test
    void aCopyKeepsMetadataUnlessToldOtherwise() {
        fixture.s3.putObject(
                PutObjectRequest.builder()
                        .bucket("photos")
                        .key("from")
                        .bodyValue(S3Fixture.body("x"))
                        .metadata(Map.of("a", "1"))
                        .build(),
                ALICE);
        CopyObjectRequest.Builder copy =
                CopyObjectRequest.builder().bucket("photos").copySource("photos/from");

        fixture.s3.copyObject(copy.key("kept").build(), ALICE);
        fixture.s3.copyObject(
                copy.key("replaced")
                        .metadataDirective("REPLACE")
                        .metadata(Map.of("b", "2"))
                        .build(),
                ALICE);

        assertThat(metadata("kept")).containsExactly(Map.entry("a", "1"));
        assertThat(metadata("replaced")).containsExactly(Map.entry("b", "2"));
    }

    @Test
    void aCopyOntoItselfMustChangeSomething() {
        fixture.put("photos", "k", "x");
        CopyObjectRequest same =
                CopyObjectRequest.builder()
                        .bucket("photos")
                        .key("k")
                        .copySource("/photos/k")
                        .build();

        assertThatThrownBy(() -> fixture.s3.copyObject(same, ALICE))
                .hasMessageStartingWith("This copy request is illegal");
    }

    @Test
    void manyAreDeletedAtOnceWhetherThereOrNot() {
        fixture.put("photos", "a", "1");
        DeleteObjectsResponse answer =
                fixture.s3.deleteObjects(
                        DeleteObjectsRequest.builder()
                                .bucket("photos")
                                .delete(
                                        Delete.builder()
                                                .objects(List.of(named("a"), named("missing")))
                                                .build())
                                .build(),
                        ALICE);

        assertThat(answer.deleted()).hasSize(2);
        assertThat(answer.errors()).isNull();
        assertThat(keys(list().build())).isEmpty();
    }

    @Test
    void aListGoesOnWhereItsTokenSays() {
        for (String key : List.of("a", "b/1", "b/2", "c", "\uD83D\uDE00", "\uE000")) {
            fixture.put("photos", key, "x");
        }

        ListObjectsV2Response first = list(list().delimiter("/").maxKeys(2).build());
        ListObjectsV2Response second =
                list(
                        list().delimiter("/")
                                .continuationToken(first.nextContinuationToken())
                                .build());

        assertThat(first.keyCount()).isEqualTo(2);
        assertThat(first.commonPrefixes()).extracting("prefix").containsExactly("b/");
        assertThat(second.contents())
                .extracting(S3Object::key)
                .containsExactly("c", "\uE000", "\uD83D\uDE00");
        assertThat(second.isTruncated()).isFalse();
    }

    @Test
    void aBucketBelongsToWhoeverMadeItAndGoesOnlyWhenEmpty() {
        CreateBucketRequest again = CreateBucketRequest.builder().bucket("photos").build();
        DeleteBucketRequest delete = DeleteBucketRequest.builder().bucket("photos").build();
        fixture.put("photos", "k", "x");

        assertThat(error(() -> fixture.s3.createBucket(again, BOB)).shape().code())
                .isEqualTo("BucketAlreadyExists");
        assertThat(error(() -> fixture.s3.deleteBucket(delete, ALICE)).shape().code())
                .isEqualTo("BucketNotEmpty");

        fixture.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("photos").key("k").build(), ALICE);
        fixture.s3.deleteBucket(delete, ALICE);
        assertThat(error(() -> fixture.text("photos", "k")).shape().code())
                .isEqualTo("NoSuchBucket");
    }

    private Map<String, String> metadata(String key) {
        Map<String, String> metadata =
                fixture.s3
                        .headObject(
                                HeadObjectRequest.builder().bucket("photos").key(key).build(),
                                ALICE)
                        .metadata();
        return metadata == null ? Map.of() : metadata;
    }

    private static ObjectIdentifier named(String key) {
        return ObjectIdentifier.builder().key(key).build();
    }

    private static ListObjectsV2Request.Builder list() {
        return ListObjectsV2Request.builder().bucket("photos");
    }

    private ListObjectsV2Response list(ListObjectsV2Request request) {
        return fixture.s3.listObjectsV2(request, ALICE);
    }

    private List<S3Object> keys(ListObjectsV2Request request) {
        List<S3Object> contents = list(request).contents();
        return contents == null ? List.of() : contents;
    }

    private static S3Error error(Runnable action) {
        return catchThrowableOfType(S3Error.class, action::run);
    }
}
