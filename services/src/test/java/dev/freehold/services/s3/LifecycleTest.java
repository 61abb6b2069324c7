package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.s3.AbortIncompleteMultipartUpload;
import dev.freehold.api.s3.BucketLifecycleConfiguration;
import dev.freehold.api.s3.CreateMultipartUploadRequest;
import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.HeadObjectRequest;
import dev.freehold.api.s3.LifecycleExpiration;
import dev.freehold.api.s3.LifecycleRule;
import dev.freehold.api.s3.LifecycleRuleFilter;
import dev.freehold.api.s3.ListMultipartUploadsRequest;
import dev.freehold.api.s3.ListObjectVersionsRequest;
import dev.freehold.api.s3.ListObjectVersionsResponse;
import dev.freehold.api.s3.ListObjectsV2Request;
import dev.freehold.api.s3.NoncurrentVersionExpiration;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.S3Object;
import dev.freehold.services.s3.lifecycle.Sweep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
    private final S3Fixture fixture = new S3Fixture().bucket("shelf");
    private final Sweep sweep = new Sweep(fixture.store, fixture.notifications, fixture::id);

    @Test
    void anObjectExpiresAtTheMidnightAfterItsDays() {
        rule(rule("logs/").expiration(days(3)));
        fixture.put("shelf", "logs/a", "x");
        fixture.put("shelf", "kept", "x");

        pass(Duration.ofDays(3).minusMinutes(1));
        assertThat(keys()).containsExactly("kept", "logs/a");
        pass(Duration.ofDays(1));
        assertThat(keys()).containsExactly("kept");
    }

    @Test
    void aReaderIsToldWhenAnObjectExpires() {
        rule(rule("logs/").expiration(days(1)));
        fixture.put("shelf", "logs/a", "x");

        String told =
                fixture.s3
                        .headObject(
                                HeadObjectRequest.builder().bucket("shelf").key("logs/a").build(),
                                ALICE)
                        .expiration();

        assertThat(told).startsWith("expiry-date=\"").endsWith("00:00:00 GMT\", rule-id=\"r\"");
    }

    @Test
    void inAVersionedBucketOnlyAMarkerIsWritten() {
        fixture.versioned("shelf", "Enabled");
        rule(rule("").expiration(days(1)));
        fixture.put("shelf", "a", "x");

        pass(Duration.ofDays(2));

        assertThat(keys()).isEmpty();
        assertThat(versions().versions()).hasSize(1);
        assertThat(versions().deleteMarkers()).hasSize(1);
    }

    @Test
    void olderVersionsGoByTheTimeTheyWereNoLongerCurrent() {
        fixture.versioned("shelf", "Enabled");
        rule(
                rule("").noncurrentVersionExpiration(
                                NoncurrentVersionExpiration.builder().noncurrentDays(1).build()));
        fixture.put("shelf", "a", "old");
        pass(Duration.ofDays(5));
        fixture.put("shelf", "a", "new");
        assertThat(versions().versions()).hasSize(2);

        pass(Duration.ofDays(2));

        assertThat(versions().versions()).hasSize(1);
        assertThat(fixture.text("shelf", "a")).isEqualTo("new");
    }

    @Test
    void aMarkerThatMarksNothingGoes() {
        fixture.versioned("shelf", "Enabled");
        rule(
                rule("").expiration(
                                LifecycleExpiration.builder()
                                        .expiredObjectDeleteMarker(true)
                                        .build()));
        fixture.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("shelf").key("never").build(), ALICE);

        pass(Duration.ofDays(1));

        assertThat(versions().deleteMarkers()).isNull();
    }

    @Test
    void anUnfinishedUploadIsAborted() {
        rule(
                rule("").abortIncompleteMultipartUpload(
                                AbortIncompleteMultipartUpload.builder()
                                        .daysAfterInitiation(1)
                                        .build()));
        fixture.s3.createMultipartUpload(
                CreateMultipartUploadRequest.builder().bucket("shelf").key("big").build(), ALICE);

        pass(Duration.ofDays(2));

        assertThat(
                        fixture.s3
                                .listMultipartUploads(
                                        ListMultipartUploadsRequest.builder()
                                                .bucket("shelf")
                                                .build(),
                                        ALICE)
                                .uploads())
                .isNull();
    }

    @Test
    void aRuleWithoutAFilterIsRefused() {
        assertThatThrownBy(() ->
                        rule(LifecycleRule.builder().id("r").status("Enabled").expiration(days(1))))
                .hasMessageContaining("not well-formed");
    }

    private void pass(Duration time) {
        fixture.clock.advance(time);
        sweep.sweep(fixture.clock.instant());
    }

    private List<String> keys() {
        List<S3Object> contents =
                fixture.s3
                        .listObjectsV2(
                                ListObjectsV2Request.builder().bucket("shelf").build(), ALICE)
                        .contents();
        return contents == null ? List.of() : contents.stream().map(S3Object::key).toList();
    }

    private ListObjectVersionsResponse versions() {
        return fixture.s3.listObjectVersions(
                ListObjectVersionsRequest.builder().bucket("shelf").build(), ALICE);
    }

    private static LifecycleExpiration days(int days) {
        return LifecycleExpiration.builder().days(days).build();
    }

    private static LifecycleRule.Builder rule(String prefix) {
        return LifecycleRule.builder()
                .id("r")
                .status("Enabled")
                .filter(LifecycleRuleFilter.builder().prefix(prefix).build());
    }

    private void rule(LifecycleRule.Builder rule) {
        fixture.s3.putBucketLifecycleConfiguration(
                PutBucketLifecycleConfigurationRequest.builder()
                        .bucket("shelf")
                        .lifecycleConfiguration(
                                BucketLifecycleConfiguration.builder()
                                        .rules(List.of(rule.build()))
                                        .build())
                        .build(),
                ALICE);
    }
}
