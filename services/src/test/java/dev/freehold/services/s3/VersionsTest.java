package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.DeleteObjectResponse;
import dev.freehold.api.s3.ListObjectVersionsRequest;
import dev.freehold.api.s3.ListObjectVersionsResponse;
import dev.freehold.services.s3.error.S3Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VersionsTest {
    private final S3Fixture fixture = new S3Fixture().bucket("docs").versioned("docs", "Enabled");

    @Test
    void eachWriteIsAVersionThatCanBeRead() {
        String first = version("one");
        String second = version("two");

        assertThat(fixture.text("docs", "k")).isEqualTo("two");
        assertThat(read(first)).isEqualTo("one");
        assertThat(read(second)).isEqualTo("two");
    }

    @Test
    void aDeleteIsAMarkerAndItsRemovalBringsTheObjectBack() {
        version("one");
        DeleteObjectResponse marker = delete(null);

        S3Error gone = catchThrowableOfType(S3Error.class, () -> fixture.text("docs", "k"));
        assertThat(gone.shape().code()).isEqualTo("NoSuchKey");
        assertThat(marker.deleteMarker()).isTrue();
        S3Error notAllowed =
                catchThrowableOfType(
                        S3Error.class, () -> read(Objects.requireNonNull(marker.versionId())));
        assertThat(notAllowed.shape().status()).isEqualTo(405);

        delete(marker.versionId());
        assertThat(fixture.text("docs", "k")).isEqualTo("one");
    }

    @Test
    void theRemovalOfTheCurrentVersionMakesTheOneBeforeCurrent() {
        String first = version("one");
        String second = version("two");

        delete(second);

        assertThat(fixture.text("docs", "k")).isEqualTo("one");
        delete(first);
        assertThat(list(10, null, null).versions()).isNull();
    }

    @Test
    void suspendedThereIsOneNullVersionBesideTheOthers() {
        String kept = version("one");
        fixture.versioned("docs", "Suspended");
        fixture.put("docs", "k", "two");
        fixture.put("docs", "k", "three");

        assertThat(ids(list(10, null, null))).containsExactly("null", kept);
        assertThat(read("null")).isEqualTo("three");

        fixture.versioned("docs", "Enabled");
        String newest = version("four");
        assertThat(ids(list(10, null, null))).containsExactly(newest, "null", kept);
        assertThat(read("null")).isEqualTo("three");

        fixture.versioned("docs", "Suspended");
        fixture.put("docs", "k", "five");
        assertThat(ids(list(10, null, null))).containsExactly("null", newest, kept);
    }

    @Test
    void pagesOfVersionsTogetherAreAllOfThem() {
        List<String> expected = new ArrayList<>();
        for (String key : List.of("a", "b")) {
            for (int i = 0; i < 3; i++) {
                expected.add(fixture.put("docs", key, "v" + i).versionId());
            }
        }
        List<String> found = new ArrayList<>();
        @Nullable String key = null;
        @Nullable String id = null;
        ListObjectVersionsResponse page;
        do {
            page = list(2, key, id);
            found.addAll(ids(page));
            key = page.nextKeyMarker();
            id = page.nextVersionIdMarker();
        } while (Boolean.TRUE.equals(page.isTruncated()));

        assertThat(found).containsExactlyInAnyOrderElementsOf(expected).hasSize(6);
        assertThat(found.getFirst()).isEqualTo(expected.get(2));
    }

    private String version(String text) {
        return Objects.requireNonNull(fixture.put("docs", "k", text).versionId());
    }

    private String read(String versionId) {
        return S3Fixture.text(
                fixture.s3.getObject(
                        S3Fixture.get("docs", "k").versionId(versionId).build(), ALICE));
    }

    private DeleteObjectResponse delete(@Nullable String versionId) {
        return fixture.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("docs").key("k").versionId(versionId).build(),
                ALICE);
    }

    private ListObjectVersionsResponse list(int max, @Nullable String key, @Nullable String id) {
        return fixture.s3.listObjectVersions(
                ListObjectVersionsRequest.builder()
                        .bucket("docs")
                        .maxKeys(max)
                        .keyMarker(key)
                        .versionIdMarker(id)
                        .build(),
                ALICE);
    }

    private static List<String> ids(ListObjectVersionsResponse page) {
        return Objects.requireNonNull(page.versions()).stream()
                .map(version -> Objects.requireNonNull(version.versionId()))
                .toList();
    }
}
