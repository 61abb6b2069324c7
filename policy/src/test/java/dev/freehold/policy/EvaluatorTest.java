package dev.freehold.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final String ACCOUNT = "111122223333";
    private static final String USERS = "arn:aws:dynamodb:us-east-1:111122223333:table/Users";
    private static final String SESSION = "arn:aws:sts::111122223333:assumed-role/reader/one";
    private static final String ROLE = "arn:aws:iam::111122223333:role/reader";
    private static final String READ_USERS =
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem"],
             "Resource":"arn:aws:dynamodb:us-east-1:111122223333:table/Users"}]}
            """;

    @Test
    void aRoleMayDoWhatItsOnlyStatementSaysAndNothingElse() {
        assertThat(ask(READ_USERS, null, "dynamodb:GetItem", USERS).allowed()).isTrue();
        assertThat(ask(READ_USERS, null, "dynamodb:PutItem", USERS).reason())
                .isEqualTo("because no identity-based policy allows the dynamodb:PutItem action");
        assertThat(ask(READ_USERS, null, "dynamodb:GetItem", USERS + "2").allowed()).isFalse();
    }

    @Test
    void anExplicitDenyWinsOverEveryAllow() {
        String both =
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":"*","Resource":"*"},
                 {"Effect":"Deny","Action":"s3:Delete*","Resource":"arn:aws:s3:::keep/*"}]}
                """;
        assertThat(ask(both, null, "s3:PutObject", "arn:aws:s3:::keep/a").allowed()).isTrue();
        assertThat(ask(both, null, "s3:DeleteObject", "arn:aws:s3:::keep/a").reason())
                .isEqualTo("with an explicit deny in an identity-based policy");
    }

    @Test
    void aServiceNeedsTheResourcesOwnPolicy() {
        String queue = "arn:aws:sqs:us-east-1:111122223333:q";
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                 "Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",
                 "Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:told"}}}]}
                """;
        Subject sns =
                new Subject(
                        Kind.SERVICE, "", List.of("sns.amazonaws.com"), List.of(), null, List.of());
        assertThat(
                        decide(
                                        sns,
                                        "sqs:SendMessage",
                                        queue,
                                        policy,
                                        "arn:aws:sns:us-east-1:1:told")
                                .allowed())
                .isTrue();
        assertThat(
                        decide(
                                        sns,
                                        "sqs:SendMessage",
                                        queue,
                                        policy,
                                        "arn:aws:sns:us-east-1:1:other")
                                .reason())
                .isEqualTo("because no resource-based policy allows the sqs:SendMessage action");
    }

    @Test
    void variablesAndConditionsReadTheRequest() {
        String own =
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",
                 "Resource":"arn:aws:s3:::home/${aws:username}/*",
                 "Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},
                              "StringNotEquals":{"aws:tag":"x"},
                              "Bool":{"aws:SecureTransport":"true"}}}}
                """;
        Map<String, List<String>> facts =
                Map.of(
                        "aws:username", List.of("ada"),
                        "aws:SourceIp", List.of("10.1.2.3"),
                        "aws:SecureTransport", List.of("true"));
        assertThat(withFacts(own, "s3:GetObject", "arn:aws:s3:::home/ada/x", facts)).isTrue();
        assertThat(withFacts(own, "s3:GetObject", "arn:aws:s3:::home/bob/x", facts)).isFalse();
        assertThat(withFacts(own, "s3:GetObject", "arn:aws:s3:::home/ada/x", Map.of())).isFalse();
    }

    @Test
    void anotherAccountNeedsBothSides() {
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},
                 "Action":"s3:GetObject","Resource":"arn:aws:s3:::theirs/*"}]}
                """;
        String all =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
                """;
        assertThat(cross(all, policy)).isTrue();
        assertThat(cross(all, null)).isFalse();
        assertThat(cross(READ_USERS, policy)).isFalse();
    }

    @Test
    void aDocumentThatIsNoPolicyIsRefusedWithItsText() {
        assertThatThrownBy(() -> PolicyParser.parse("{", PolicyParser.Kind.IDENTITY))
                .hasMessage("Syntax errors in policy.");
        assertThatThrownBy(() ->
                        PolicyParser.parse(
                                """
                                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                                 "Action":"s3:*","Resource":"bucket"}]}
                                """,
                                PolicyParser.Kind.IDENTITY))
                .hasMessage("Resource bucket must be in ARN format or \"*\".");
    }

    @Test
    void patternsAreMatchedInBoundedTime() {
        String pattern = "*a".repeat(2_000) + "b";
        assertThat(Patterns.matches(pattern, "a".repeat(20_000), false)).isFalse();
    }

    private static boolean cross(String identity, @Nullable String policy) {
        Question question =
                new Question(
                        role(identity),
                        "s3:GetObject",
                        "arn:aws:s3:::theirs/x",
                        "999999999999",
                        Map.of(),
                        policy == null
                                ? null
                                : PolicyParser.parse(policy, PolicyParser.Kind.RESOURCE));
        return Evaluator.decide(question).allowed();
    }

    private static boolean withFacts(
            String identity, String action, String resource, Map<String, List<String>> facts) {
        return Evaluator.decide(
                        new Question(role(identity), action, resource, ACCOUNT, facts, null))
                .allowed();
    }

    private static Verdict ask(
            String identity, @Nullable Policy resourcePolicy, String action, String resource) {
        return Evaluator.decide(
                new Question(role(identity), action, resource, ACCOUNT, Map.of(), resourcePolicy));
    }

    private static Verdict decide(
            Subject subject, String action, String resource, String policy, String source) {
        return Evaluator.decide(
                new Question(
                        subject,
                        action,
                        resource,
                        ACCOUNT,
                        Map.of("aws:SourceArn", List.of(source)),
                        PolicyParser.parse(policy, PolicyParser.Kind.RESOURCE)));
    }

    private static Subject role(String identity) {
        Policy policy = PolicyParser.parse(identity, PolicyParser.Kind.IDENTITY);
        return new Subject(
                Kind.ROLE, ACCOUNT, List.of(SESSION, ROLE), List.of(policy), null, List.of());
    }
}
