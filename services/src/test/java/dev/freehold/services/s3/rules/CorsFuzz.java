package dev.freehold.services.s3.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.s3.notify.Rule;
import java.util.List;

/// What buckets' owners write into configurations, and what strangers ask of it.
final class CorsFuzz {
    @FuzzTest
    void aRuleAllowsOnlyWhatItsPatternsCover(FuzzedDataProvider data) {
        String pattern = data.consumeString(20);
        String origin = data.consumeString(20);
        CorsRule rule = new CorsRule(List.of(pattern), List.of("GET"), List.of(), List.of(), null);
        try {
            rule.requireValid();
        } catch (ServiceError e) {
            return;
        }
        boolean allowed = CorsRule.find(List.of(rule), origin, "GET", List.of()) != null;
        if (!pattern.contains("*")) {
            assertThat(allowed).isEqualTo(pattern.equals(origin));
        } else if (allowed) {
            int star = pattern.indexOf('*');
            assertThat(origin)
                    .startsWith(pattern.substring(0, star))
                    .endsWith(pattern.substring(star + 1));
        }
    }

    @FuzzTest
    void rulesThatTellOfOneKeyOverlap(FuzzedDataProvider data) {
        Rule first = rule(data);
        Rule second = rule(data);
        String key = data.consumeString(20);
        if (first.wants("ObjectCreated:Put", key) && second.wants("ObjectCreated:Put", key)) {
            assertThat(first.overlaps(second)).isTrue();
        }
    }

    private static Rule rule(FuzzedDataProvider data) {
        return new Rule(
                "id",
                Rule.Target.QUEUE,
                "arn",
                List.of(data.consumeBoolean() ? "s3:ObjectCreated:*" : "s3:ObjectCreated:Put"),
                List.of(
                        new Rule.Filter("Prefix", data.consumeString(5)),
                        new Rule.Filter("Suffix", data.consumeString(5))));
    }
}
