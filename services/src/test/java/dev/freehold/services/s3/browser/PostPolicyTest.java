package dev.freehold.services.s3.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.services.s3.browser.PostPolicy.Sizes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PostPolicyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aFormThatSaysWhatThePolicyWantsIsTaken() {
        Sizes sizes =
                check(
                        "{\"BuCkEt\": \"b\"}, [\"StArTs-WiTh\", \"$KeY\", \"user/\"],"
                                + "[\"content-length-range\", 1, 10]",
                        Map.of("bucket", "b", "key", "user/eric"));

        assertThat(sizes).isEqualTo(new Sizes(1, 10));
    }

    @Test
    void aConditionThatFailsIsNamed() {
        assertThatThrownBy(() -> check("[\"eq\", \"$key\", \"a\"]", Map.of("key", "b")))
                .hasMessage(
                        "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$key\","
                                + " \"a\"]");
    }

    @Test
    void aFieldThatNoConditionNamesIsRefused() {
        assertThatThrownBy(() -> check("{\"key\": \"a\"}", Map.of("key", "a", "acl", "private")))
                .hasMessage("Invalid according to Policy: Extra input fields: acl");
        check("{\"key\": \"a\"}", Map.of("key", "a", "x-ignore-me", "1", "signature", "s"));
    }

    @Test
    void anExpiredPolicyIsRefused() {
        PostPolicy policy = parse("{\"expiration\": \"2025-12-31T23:59:59Z\", \"conditions\": []}");

        assertThatThrownBy(() -> policy.check(Map.of(), NOW))
                .hasMessage("Invalid according to Policy: Policy expired.");
    }

    @Test
    void aDocumentThatIsNoPolicyIsRefused() {
        for (String document :
                new String[] {
                    "",
                    "[]",
                    "{}",
                    "{\"expiration\": \"2027-01-01T00:00:00Z\"}",
                    "{\"expiration\": \"soon\", \"conditions\": []}",
                    "{\"expiration\": \"2027-01-01T00:00:00Z\", \"conditions\": [[]]}",
                    "{\"expiration\": \"2027-01-01T00:00:00Z\", \"conditions\": [{}]}",
                    "{\"expiration\": \"2027-01-01T00:00:00Z\", \"conditions\": [[\"is\",1,2]]}"
                }) {
            assertThatThrownBy(() -> parse(document)).hasMessageStartingWith("Invalid Policy: ");
        }
    }

    private static Sizes check(String conditions, Map<String, String> fields) {
        return parse(
                        "{\"expiration\": \"2027-01-01T00:00:00.000Z\", \"conditions\": ["
                                + conditions
                                + "]}")
                .check(fields, NOW);
    }

    private static PostPolicy parse(String document) {
        return PostPolicy.parse(
                Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8)));
    }
}
