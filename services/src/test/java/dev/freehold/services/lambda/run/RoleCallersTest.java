package dev.freehold.services.lambda.run;

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
import dev.freehold.services.FakeClock;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.IamService;
import dev.freehold.services.iam.PolicyAuthorizer;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What Lambda does in a function's name is what the execution role's policies say, as IAM sees it.
final class RoleCallersTest {
    private static final String ACCOUNT = "000000000000";
    private static final String ROLE = "arn:aws:iam::000000000000:role/worker";
    private static final Permission RECEIVE =
            new Permission("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:000000000000:jobs");
    private static final Caller ROOT =
            new Caller(
                    ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());

    private final AtomicInteger made = new AtomicInteger();
    private final Store store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private final IamService iam = new IamService(store, clock, this::id);
    private final RoleCallers roles = new RoleCallers(new Credentials(store, clock, this::id));
    private final PolicyAuthorizer authorizer = new PolicyAuthorizer(store);

    private String id() {
        return String.format("%032d", made.incrementAndGet());
    }

    private Decision receive() {
        return authorizer.decide(roles.of(ROLE, "worker", "us-east-1", "r"), List.of(RECEIVE));
    }

    @Test
    void aFunctionReadsTheQueueThatItsRoleMayRead() {
        iam.createRole(
                CreateRoleRequest.builder()
                        .roleName("worker")
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                        + "\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},"
                                        + "\"Action\":\"sts:AssumeRole\"}}")
                        .build(),
                ROOT);
        assertThat(receive()).isInstanceOf(Decision.Denied.class);

        iam.putRolePolicy(
                PutRolePolicyRequest.builder()
                        .roleName("worker")
                        .policyName("read")
                        .policyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                        + "\"Action\":\"sqs:ReceiveMessage\",\"Resource\":\"*\"}}")
                        .build(),
                ROOT);
        assertThat(receive()).isInstanceOf(Decision.Allowed.class);

        iam.deleteRolePolicy(
                DeleteRolePolicyRequest.builder().roleName("worker").policyName("read").build(),
                ROOT);
        iam.deleteRole(DeleteRoleRequest.builder().roleName("worker").build(), ROOT);
        assertThat(receive()).isInstanceOf(Decision.Denied.class);
    }
}
