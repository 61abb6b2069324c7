package dev.freehold.services.s3.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.services.s3.error.S3Error;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"abc", "my.bucket-1", "1ab", "a--b"})
    void aNameByTheRulesIsTaken(String name) {
        assertThatCode(() -> BucketName.requireValid(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Abc",
                "a_b",
                "-abc",
                "abc-",
                ".abc",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "sthree-x",
                "abc-s3alias",
                "abc--ol-s3",
                "\u0131abc"
            })
    void aNameAgainstTheRulesIsRefused(String name) {
        assertThatThrownBy(() -> BucketName.requireValid(name))
                .isInstanceOf(S3Error.class)
                .hasMessage("The specified bucket is not valid.");
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThatCode(() -> BucketName.requireValid("a".repeat(63))).doesNotThrowAnyException();
        assertThatThrownBy(() -> BucketName.requireValid("a".repeat(64)))
                .isInstanceOf(S3Error.class);
    }

    @Test
    void tagsOfAHeaderAreAQueryString() {
        assertThat(Tags.ofHeader("a=1&b=x%20y&c="))
                .containsEntry("b", "x y")
                .containsEntry("c", "");
        for (String bad : List.of("a=1&a=2", "a=1,b=2", "=1", "a=%zz")) {
            assertThatThrownBy(() -> Tags.ofHeader(bad))
                    .hasMessageStartingWith("The header 'x-amz-tagging' shall be encoded");
        }
        assertThatThrownBy(() -> Tags.ofHeader("a&b&c&d&e&f&g&h&i&j&k"))
                .hasMessage("Object tags cannot be greater than 10");
    }

    @Test
    void aCorsRuleMatchesByOneStar() {
        CorsRule rule =
                new CorsRule(
                        List.of("https://*.example.com"),
                        List.of("GET", "PUT"),
                        List.of("x-amz-*"),
                        List.of("ETag"),
                        60);
        List<CorsRule> rules = List.of(rule);
        String origin = "https://a.example.com";

        assertThat(CorsRule.find(rules, origin, "GET", List.of("X-Amz-Date"))).isEqualTo(rule);
        assertThat(CorsRule.find(rules, origin, "DELETE", List.of())).isNull();
        assertThat(CorsRule.find(rules, origin, "GET", List.of("authorization"))).isNull();
        assertThat(CorsRule.find(rules, "https://evil.com", "GET", List.of())).isNull();
        assertThat(rule.answer(origin, List.of("X-Amz-Date")).first("Access-Control-Allow-Headers"))
                .isEqualTo("x-amz-date");
        assertThat(rule.answer(origin, List.of()).first("Access-Control-Allow-Origin"))
                .isEqualTo(origin);
    }

    @Test
    void aCorsRuleWithForeignMethodsOrTwoStarsIsRefused() {
        assertThatThrownBy(() -> cors("*", "MYMETHOD").requireValid())
                .hasMessage(
                        "Found unsupported HTTP method in CORS config. Unsupported method is"
                                + " MYMETHOD");
        assertThatThrownBy(() -> cors("*.*", "GET").requireValid())
                .hasMessage("AllowedOrigin \"*.*\" can not have more than one wildcard.");
    }

    private static CorsRule cors(String origin, String method) {
        return new CorsRule(List.of(origin), List.of(method), List.of(), List.of(), null);
    }
}
