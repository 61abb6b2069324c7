package dev.freehold.services.s3;

import static dev.freehold.services.s3.Bench.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.FilterRule;
import dev.freehold.api.s3.GetBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.NotificationConfiguration;
import dev.freehold.api.s3.NotificationConfigurationFilter;
import dev.freehold.api.s3.PutBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.QueueConfiguration;
import dev.freehold.api.s3.S3KeyFilter;
import dev.freehold.protocol.Blob;
import dev.freehold.services.deliveries.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NotificationsTest {
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private final Bench bench = new Bench().bucket("inbox");

    @Test
    void aChangeIsDeliveredToWhoeverWantsIt() {
        configure("s3:ObjectCreated:*", ".jpg");
        assertThat(messages()).hasSize(1).first().asString().contains("s3:TestEvent");

        bench.put("inbox", "cat.jpg", "x");
        bench.put("inbox", "cat.txt", "x");
        bench.s3.deleteObject(
                DeleteObjectRequest.builder().bucket("inbox").key("cat.jpg").build(), ALICE);

        assertThat(messages()).hasSize(2);
        assertThat(messages().getLast())
                .contains("\"eventName\":\"ObjectCreated:Put\"", "\"key\":\"cat.jpg\"");
        assertThat(bench.delivered.getLast().kind()).isEqualTo("target");
        assertThat(bench.delivered.getLast().target()).isEqualTo(QUEUE);
    }

    @Test
    void aDeletionIsToldOnceTheObjectWasThere() {
        configure("s3:ObjectRemoved:*", "");
        bench.put("inbox", "k", "x");
        DeleteObjectRequest delete = DeleteObjectRequest.builder().bucket("inbox").key("k").build();

        bench.s3.deleteObject(delete, ALICE);
        bench.s3.deleteObject(delete, ALICE);

        assertThat(messages()).hasSize(2);
        assertThat(messages().getLast()).contains("ObjectRemoved:Delete");
    }

    @Test
    void theConfigurationIsAnsweredAsItWasPut() {
        configure("s3:ObjectCreated:Put", ".png");

        List<QueueConfiguration> queues =
                bench.s3
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
        return bench.delivered.stream().map(Delivery::payload).map(Blob::utf8).toList();
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
        bench.s3.putBucketNotificationConfiguration(
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
