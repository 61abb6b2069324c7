package dev.freehold.services.iam.tokens;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.IamService;
import dev.freehold.services.iam.PolicyAuthorizer;
import dev.freehold.services.iam.Session;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The credentials of execution roles are not stored, and end as those that are.
final class ExecutionCredentialsTest {
    private static final String ACCOUNT = "000000000000";
    private static final String ROLE = "arn:aws:iam::000000000000:role/worker";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Permission RECEIVE =
            new Permission("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:000000000000:jobs");
    private static final Caller ROOT =
            new Caller(
                    ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());

    private final AtomicInteger made = new AtomicInteger();
    private final Store store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private final IamService iam = new IamService(store, clock, this::id);
    private final Credentials credentials = new Credentials(store, clock, this::id);
    private final PolicyAuthorizer authorizer = new PolicyAuthorizer(store);

    private String id() {
        return "%016dABCD".formatted(made.incrementAndGet());
    }

    private Credentials.Issued issue() {
        return Objects.requireNonNull(credentials.execution(ROLE, "worker", HOUR));
    }

    private KeyStore.Key key(Credentials.Issued issued) {
        return Objects.requireNonNull(credentials.find(issued.accessKeyId(), issued.token()));
    }

    private void createRole() {
        iam.createRole(
                CreateRoleRequest.builder()
                        .roleName("worker")
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                        + "\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},"
                                        + "\"Action\":\"sts:AssumeRole\"}}")
                        .build(),
                ROOT);
    }

    private void policy(String name, String statements) {
        iam.putRolePolicy(
                PutRolePolicyRequest.builder()
                        .roleName("worker")
                        .policyName(name)
                        .policyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":" + statements + "}")
                        .build(),
                ROOT);
    }

    private Caller caller(Credentials.Issued issued) {
        KeyStore.Key key = key(issued);
        return new Caller(ACCOUNT, "us-east-1", key.principal(), "r", key.facts(), new Usage())
                .withFact(Caller.ACCESS_KEY, issued.accessKeyId());
    }

    private boolean mayReceive(Credentials.Issued issued) {
        return authorizer.decide(caller(issued), List.of(RECEIVE)) instanceof Decision.Allowed;
    }

    @Test
    void aFunctionsKeyIsItsRolesWithoutARow() {
        createRole();
        Credentials.Issued issued = issue();
        Credentials after = new Credentials(store, clock, this::id); // as after a restart

        KeyStore.Key key = Objects.requireNonNull(after.find(issued.accessKeyId(), issued.token()));
        assertThat(key.principal().arn())
                .isEqualTo("arn:aws:sts::000000000000:assumed-role/worker/worker");
        assertThat(key.secret()).isEqualTo(issued.secret()).hasSize(40);
        assertThat(key.expiry()).isEqualTo(issued.expiry());
        assertThat(Objects.requireNonNull(credentials.sessionOf(caller(issued))).kind())
                .isEqualTo(Session.Kind.ROLE);
    }

    @Test
    void aTokenThatWasChangedOrIsAnotherKeysIsNobodys() {
        createRole();
        Credentials.Issued one = issue();
        Credentials.Issued other = issue();
        String token = one.token();
        char first = token.charAt(10);
        String changed = token.substring(0, 10) + (first == 'A' ? 'B' : 'A') + token.substring(11);

        assertThat(credentials.find(one.accessKeyId(), other.token())).isNull();
        assertThat(credentials.find(one.accessKeyId(), changed)).isNull();
        assertThat(credentials.find(one.accessKeyId(), token.substring(0, 8))).isNull();
        assertThat(credentials.find(one.accessKeyId(), "fh1.%%")).isNull();
        assertThat(credentials.find(one.accessKeyId(), null)).isNull();
        assertThat(one.secret()).isNotEqualTo(other.secret());
    }

    @Test
    void sessionsEndWithTheirRoleAlsoWhenItIsMadeAnew() {
        createRole();
        Credentials.Issued issued = issue();
        iam.deleteRole(DeleteRoleRequest.builder().roleName("worker").build(), ROOT);
        assertThat(credentials.find(issued.accessKeyId(), issued.token())).isNull();

        createRole();
        assertThat(credentials.find(issued.accessKeyId(), issued.token())).isNull();
        assertThat(key(issue()).account()).isEqualTo(ACCOUNT);
    }

    @Test
    void aPolicyRevokesWhatWasIssuedBeforeATime() {
        createRole();
        policy("may", "{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}");
        Credentials.Issued early = issue();
        clock.advance(Duration.ofMinutes(1));
        policy(
                "revoke",
                "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"DateLessThan\":{\"aws:TokenIssueTime\":\""
                        + clock.instant()
                        + "\"}}}");
        assertThat(mayReceive(early)).isFalse();
        assertThat(mayReceive(issue())).isTrue();

        iam.deleteRolePolicy(
                DeleteRolePolicyRequest.builder().roleName("worker").policyName("may").build(),
                ROOT);
        assertThat(mayReceive(issue())).isFalse();
    }
}
