package dev.freehold.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.iam.AttachRolePolicyRequest;
import dev.freehold.api.iam.CreatePolicyRequest;
import dev.freehold.api.iam.CreatePolicyVersionRequest;
import dev.freehold.api.iam.CreateRoleRequest;
import dev.freehold.api.iam.DeleteRolePolicyRequest;
import dev.freehold.api.iam.DeleteRoleRequest;
import dev.freehold.api.iam.PutRolePolicyRequest;
import dev.freehold.protocol.Authorizer.Decision;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.services.FakeClock;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Who may do what, by the policies that IAM has: as the gateway asks.
class DecisionsTest {
    private static final String ACCOUNT = "111122223333";
    private static final String USERS = "arn:aws:dynamodb:us-east-1:111122223333:table/Users";
    private static final Permission READ = new Permission("dynamodb:GetItem", USERS);

    private final AtomicInteger made = new AtomicInteger();
    private final Store store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private final IamService iam = new IamService(store, clock, this::id);
    private final Credentials credentials = new Credentials(store, clock, this::id);
    private final PolicyAuthorizer authorizer = new PolicyAuthorizer(store);
    private final Caller root =
            new Caller(
                    ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());

    private String id() {
        return "%04dABCDEFGHIJKLMNOP".formatted(made.incrementAndGet());
    }

    private static String allow(String action, String resource) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\""
                + action
                + "\",\"Resource\":\""
                + resource
                + "\"}}";
    }

    private void createRole(String name) {
        iam.createRole(
                CreateRoleRequest.builder()
                        .roleName(name)
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                        + "\"Principal\":{\"AWS\":\"111122223333\"},"
                                        + "\"Action\":\"sts:AssumeRole\"}}")
                        .build(),
                root);
    }

    private void putPolicy(String role, String name, String document) {
        iam.putRolePolicy(
                PutRolePolicyRequest.builder()
                        .roleName(role)
                        .policyName(name)
                        .policyDocument(document)
                        .build(),
                root);
    }

    private Caller session(String role, String... policies) {
        Credentials.Issued issued =
                Objects.requireNonNull(
                        credentials.issue(
                                "arn:aws:iam::111122223333:role/" + role,
                                "one",
                                Duration.ofHours(1),
                                List.of(policies)));
        KeyStore.Key key =
                Objects.requireNonNull(credentials.find(issued.accessKeyId(), issued.token()));
        return new Caller(
                ACCOUNT,
                "us-east-1",
                key.principal(),
                "r",
                Map.of(Caller.ACCESS_KEY, issued.accessKeyId()),
                new Usage());
    }

    private boolean may(Caller caller, Permission permission) {
        return authorizer.decide(caller, List.of(permission)) instanceof Decision.Allowed;
    }

    private String refusal(Caller caller, Permission permission) {
        return authorizer.decide(caller, List.of(permission)) instanceof Decision.Denied denied
                ? denied.message()
                : "";
    }

    @Test
    void aRoleReadsTheOneTableThatItsOnlyStatementNames() {
        createRole("reader");
        putPolicy("reader", "p", allow("dynamodb:GetItem", USERS));
        Caller reader = session("reader");

        assertThat(may(reader, READ)).isTrue();
        assertThat(refusal(reader, new Permission("dynamodb:PutItem", USERS)))
                .isEqualTo(
                        "User: arn:aws:sts::111122223333:assumed-role/reader/one is not authorized"
                                + " to perform: dynamodb:PutItem on resource: "
                                + USERS
                                + " because no identity-based policy allows the dynamodb:PutItem"
                                + " action");
        assertThat(may(reader, new Permission("dynamodb:GetItem", USERS + "2"))).isFalse();
    }

    @Test
    void aDecisionDoesNotOutliveAChangeOfTheRolesPolicies() {
        createRole("reader");
        putPolicy("reader", "p", allow("dynamodb:GetItem", USERS));
        Caller reader = session("reader");
        assertThat(may(reader, READ)).isTrue();

        iam.deleteRolePolicy(
                DeleteRolePolicyRequest.builder().roleName("reader").policyName("p").build(), root);
        assertThat(may(reader, READ)).isFalse();
    }

    @Test
    void aDecisionDoesNotOutliveAChangeOfAManagedPolicy() {
        createRole("reader");
        iam.createPolicy(
                CreatePolicyRequest.builder()
                        .policyName("read")
                        .policyDocument(allow("dynamodb:GetItem", USERS))
                        .build(),
                root);
        String arn = "arn:aws:iam::111122223333:policy/read";
        iam.attachRolePolicy(
                AttachRolePolicyRequest.builder().roleName("reader").policyArn(arn).build(), root);
        Caller reader = session("reader");
        assertThat(may(reader, READ)).isTrue();

        iam.createPolicyVersion(
                CreatePolicyVersionRequest.builder()
                        .policyArn(arn)
                        .policyDocument(allow("dynamodb:Query", USERS))
                        .setAsDefault(true)
                        .build(),
                root);
        assertThat(may(reader, READ)).isFalse();
    }

    @Test
    void aSessionPolicyLimitsWhatTheRoleMayDo() {
        createRole("reader");
        putPolicy("reader", "p", allow("dynamodb:*", USERS));
        Caller limited = session("reader", allow("dynamodb:Query", "*"));

        assertThat(may(limited, new Permission("dynamodb:Query", USERS))).isTrue();
        assertThat(refusal(limited, READ))
                .endsWith("because no session policy allows the dynamodb:GetItem action");
    }

    @Test
    void aRoleMadeAnewIsNotTheOneThatASessionWasOf() {
        createRole("reader");
        putPolicy("reader", "p", allow("dynamodb:GetItem", USERS));
        Caller before = session("reader");
        iam.deleteRolePolicy(
                DeleteRolePolicyRequest.builder().roleName("reader").policyName("p").build(), root);
        iam.deleteRole(DeleteRoleRequest.builder().roleName("reader").build(), root);
        createRole("reader");
        putPolicy("reader", "p", allow("dynamodb:GetItem", USERS));

        assertThat(may(before, READ)).isFalse();
        assertThat(may(session("reader"), READ)).isTrue();
    }

    @Test
    void eachServiceNamesActionsAndResourcesInItsOwnWay() {
        createRole("none");
        Caller none = session("none");
        String start =
                "User: arn:aws:sts::111122223333:assumed-role/none/one is not authorized to"
                        + " perform: ";
        assertThat(refusal(none, new Permission("s3:GetObject", "arn:aws:s3:::b/k")))
                .startsWith(start + "s3:GetObject on resource: \"arn:aws:s3:::b/k\" because");
        assertThat(
                        refusal(
                                none,
                                new Permission(
                                        "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q")))
                .startsWith(start + "sqs:sendmessage on resource: arn:aws:sqs:");
        assertThat(
                        refusal(
                                none,
                                new Permission(
                                        "iam:GetRole", "arn:aws:iam::111122223333:role/other")))
                .startsWith(start + "iam:GetRole on resource: role other because");
    }

    @Test
    void aRoleIsAssumedOnlyByWhomItsTrustNames() {
        createRole("admin");
        putPolicy("admin", "p", allow("*", "*"));
        Caller admin = session("admin");
        String target = "arn:aws:iam::111122223333:role/target";
        String trusting = "\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",";
        String service =
                "{"
                        + trusting
                        + "\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},"
                        + "\"Action\":\"sts:AssumeRole\"}}";
        String account =
                "{"
                        + trusting
                        + "\"Principal\":{\"AWS\":\"111122223333\"},"
                        + "\"Action\":\"sts:AssumeRole\"}}";

        assertThat(refusal(admin, new Permission("sts:AssumeRole", target, Map.of(), service)))
                .endsWith("is not authorized to perform: sts:AssumeRole on resource: " + target);
        assertThat(may(admin, new Permission("sts:AssumeRole", target, Map.of(), account)))
                .isTrue();
    }
}
