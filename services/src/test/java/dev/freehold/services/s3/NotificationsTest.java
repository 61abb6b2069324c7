package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.FilterRule;
import dev.freehold.api.s3.GetBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.NotificationConfiguration;
import dev.freehold.api.s3.NotificationConfigurationFilter;
import dev.freehold.api.s3.PutBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.QueueConfiguration;
import dev.freehold.api.s3.RestoreObjectRequest;
import dev.freehold.api.s3.RestoreRequest;
import dev.freehold.api.s3.S3KeyFilter;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.Targets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NotificationsTest {
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private final S3Fixture fixture = new S3Fixture().bucket("inbox");

    @Test
    void aChangeIsDeliveredToWhoeverWantsIt() {
        configure("s3:ObjectCreated:*", ".jpg");

        fixture.put("inbox", "cat.jpg", "x");
        fixture.put("inbox", "cat.txt", "x");
        fixture.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("inbox").key("cat.jpg").build(), ALICE);

        assertThat(messages()).hasSize(1);
        assertThat(messages().getLast())
                .contains("\"eventName\":\"ObjectCreated:Put\"", "\"key\":\"cat.jpg\"");
        assertThat(fixture.delivered.getLast().kind()).isEqualTo("target");
        assertThat(fixture.delivered.getLast().target()).isEqualTo(QUEUE);
    }

    @Test
    void theTraceOfTheRequestIsHandedOn() {
        configure("s3:ObjectRemoved:*", "");
        fixture.put("inbox", "k", "x");

        fixture.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("inbox").key("k").build(),
                ALICE.withFact(Caller.TRACE_HEADER, "Root=1"));

        assertThat(fixture.delivered.getLast().attributes()).containsEntry(Targets.TRACE, "Root=1");
    }

    @Test
    void aDeletionIsToldOnceTheObjectWasThere() {
        configure("s3:ObjectRemoved:*", "");
        fixture.put("inbox", "k", "x");
        DeleteObjectRequest delete = DeleteObjectRequest.builder().bucket("inbox").key("k").build();

        fixture.s3.deleteObject(delete, ALICE);
        fixture.s3.deleteObject(delete, ALICE);

        assertThat(messages()).hasSize(1);
        assertThat(messages().getLast()).contains("ObjectRemoved:Delete");
    }

    @Test
    void aDestinationThatRefusesIsNamedAndNothingIsKept() {
        fixture.refusal = "The destination queue does not exist";

        assertThatThrownBy(() -> configure("s3:ObjectCreated:*", ""))
                .hasMessage("Unable to validate the following destination configurations");

        fixture.put("inbox", "k", "x");
        assertThat(messages()).isEmpty();
    }

    @Test
    void aRestorationIsToldToBeCompleteAfterItWasAskedFor() {
        configure("s3:ObjectRestore:*", "");
        fixture.s3.putObject(
                PutObjectRequest.builder()
                        .bucket("inbox")
                        .key("k")
                        .storageClass("GLACIER")
                        .bodyValue(S3Fixture.body("x"))
                        .build(),
                ALICE);
        fixture.s3.restoreObject(
                RestoreObjectRequest.builder()
                        .bucket("inbox")
                        .key("k")
                        .restoreRequest(RestoreRequest.builder().days(1).build())
                        .build(),
                ALICE);

        fixture.clock.advance(Duration.ofSeconds(1));

        assertThat(messages()).hasSize(2);
        assertThat(messages().getFirst()).contains("ObjectRestore:Post");
        assertThat(messages().getLast()).contains("ObjectRestore:Completed");
        assertThat(fixture.delivered.getLast().created())
                .isAfter(fixture.delivered.getFirst().created());
    }

    @Test
    void theConfigurationIsAnsweredAsItWasPut() {
        configure("s3:ObjectCreated:Put", ".png");

        List<QueueConfiguration> queues =
                fixture.s3
                        .getBucketNotificationConfiguration(
                                GetBucketNotificationConfigurationRequest.builder()
                                        .bucket("inbox")
                                        .build(),
                                ALICE)
                        .queueConfigurations();

        assertThat(queues).hasSize(1);
        assertThat(queues).first().extracting(QueueConfiguration::queueArn).isEqualTo(QUEUE);
        assertThat(queues)
                .first()
                .extracting(QueueConfiguration::events)
                .isEqualTo(List.of("s3:ObjectCreated:Put"));
    }

    private List<String> messages() {
        return fixture.delivered.stream().map(Delivery::payload).map(Blob::utf8).toList();
    }

    private void configure(String event, String suffix) {
        FilterRule rule = FilterRule.builder().name("suffix").value(suffix).build();
        QueueConfiguration queue =
                QueueConfiguration.builder()
                        .queueArn(QUEUE)
                        .events(List.of(event))
                        .filter(
                                NotificationConfigurationFilter.builder()
                                        .key(
                                                S3KeyFilter.builder()
                                                        .filterRules(List.of(rule))
                                                        .build())
                                        .build())
                        .build();
        fixture.s3.putBucketNotificationConfiguration(
                PutBucketNotificationConfigurationRequest.builder()
                        .bucket("inbox")
                        .notificationConfiguration(
                                NotificationConfiguration.builder()
                                        .queueConfigurations(List.of(queue))
                                        .build())
                        .build(),
                ALICE);
    }
}
