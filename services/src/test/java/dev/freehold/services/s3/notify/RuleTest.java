package dev.freehold.services.s3.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.notify.Rule.Filter;
import dev.freehold.services.s3.notify.Rule.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RuleTest {
    @Test
    void aRuleWantsItsEventsOfItsKeys() {
        Rule rule = rule(List.of("s3:ObjectCreated:*"), "in/", ".jpg");

        assertThat(rule.wants("ObjectCreated:Put", "in/cat.jpg")).isTrue();
        assertThat(rule.wants("ObjectCreated:Copy", "in/cat.jpg")).isTrue();
        assertThat(rule.wants("ObjectRemoved:Delete", "in/cat.jpg")).isFalse();
        assertThat(rule.wants("ObjectCreated:Put", "out/cat.jpg")).isFalse();
        assertThat(rule.wants("ObjectCreated:Put", "in/cat.png")).isFalse();
    }

    @Test
    void rulesThatWouldTellOneChangeTwiceOverlap() {
        Rule all = rule(List.of("s3:ObjectCreated:*"), "", "");
        Rule jpg = rule(List.of("s3:ObjectCreated:Put"), "in/", ".jpg");
        Rule png = rule(List.of("s3:ObjectCreated:*"), "in/", ".png");
        Rule gone = rule(List.of("s3:ObjectRemoved:*"), "", "");

        assertThat(all.overlaps(jpg)).isTrue();
        assertThat(jpg.overlaps(png)).isFalse();
        assertThat(all.overlaps(gone)).isFalse();
    }

    @Test
    void unknownFiltersAndEventsAreRefused() {
        assertThatThrownBy(() -> Filter.of("INVALID", "x"))
                .isInstanceOf(S3Error.class)
                .hasMessage("filter rule name must be either prefix or suffix");
        assertThat(Filter.of("prefix", "x").name()).isEqualTo("Prefix");
        assertThatThrownBy(() -> rule(List.of("s3:Nothing"), "", "").requireKnownEvents())
                .hasMessage("A specified event is not supported for notifications.");
    }

    @Test
    void aRecordIsWhatAwsSends() {
        Event event =
                new Event(
                        "ObjectCreated:Put",
                        Instant.parse("2026-11-24T01:02:03.004Z"),
                        new Event.Cause("AWS:000000000000", "127.0.0.1", "REQ"),
                        new Event.Bucket("b", "arn:aws:s3:::b", "us-east-1", "000000000000"),
                        new Event.Changed("a b/c@d", 9, "e", null, 0x2A, null));

        assertThat(event.message("conf"))
                .isEqualTo(
                        """
                        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3",\
                        "awsRegion":"us-east-1","eventTime":"2026-11-24T01:02:03.004Z",\
                        "eventName":"ObjectCreated:Put",\
                        "userIdentity":{"principalId":"AWS:000000000000"},\
                        "requestParameters":{"sourceIPAddress":"127.0.0.1"},\
                        "responseElements":{"x-amz-request-id":"REQ",\
                        "x-amz-id-2":"freehold/REQ"},\
                        "s3":{"s3SchemaVersion":"1.0","configurationId":"conf",\
                        "bucket":{"name":"b","ownerIdentity":{"principalId":"000000000000"},\
                        "arn":"arn:aws:s3:::b"},\
                        "object":{"key":"a+b/c%40d","size":9,"eTag":"e",\
                        "sequencer":"000000000000002A"}}}]}\
                        """);
    }

    @Test
    void whatIsGoneHasNoSizeAndTagsHaveNoSequence() {
        assertThat(object("ObjectRemoved:Delete"))
                .isEqualTo(
                        "{\"key\":\"k\",\"versionId\":\"v\",\"sequencer\":\"0000000000000001\"}");
        assertThat(object("ObjectTagging:Put"))
                .isEqualTo("{\"key\":\"k\",\"eTag\":\"e\",\"versionId\":\"v\"}");
    }

    private static String object(String name) {
        Event event =
                new Event(
                        name,
                        Instant.EPOCH,
                        new Event.Cause("p", "i", "r"),
                        new Event.Bucket("b", "a", "us-east-1", "o"),
                        new Event.Changed("k", 3, "e", "v", 1, null));
        String message = event.message("c");
        return message.substring(
                message.indexOf("\"object\":") + 9, message.length() - "}}]}".length());
    }

    private static Rule rule(List<String> events, String prefix, String suffix) {
        return new Rule(
                "r",
                Target.QUEUE,
                "arn:aws:sqs:us-east-1:000000000000:q",
                events,
                List.of(Filter.of("prefix", prefix), Filter.of("suffix", suffix)));
    }
}
