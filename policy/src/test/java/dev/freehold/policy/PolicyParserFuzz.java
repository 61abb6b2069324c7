package dev.freehold.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import java.util.List;
import java.util.Map;

/// Documents: any text is a policy, which then decides, or is refused in words.
final class PolicyParserFuzz {
    @FuzzTest
    void anyTextIsAPolicyOrIsRefused(FuzzedDataProvider data) {
        PolicyParser.Kind kind = data.pickValue(PolicyParser.Kind.values());
        String text = data.consumeRemainingAsString();
        Policy policy;
        try {
            policy = PolicyParser.parse(text, kind);
        } catch (MalformedPolicyException e) {
            return;
        }
        Subject subject =
                new Subject(
                        Kind.USER,
                        "111122223333",
                        List.of("arn:aws:iam::111122223333:user/ada"),
                        List.of(policy),
                        null,
                        List.of());
        Evaluator.decide(
                new Question(
                        subject,
                        "s3:GetObject",
                        "arn:aws:s3:::bucket/key",
                        "111122223333",
                        Map.of("aws:username", List.of("ada")),
                        policy));
    }
}
