package dev.freehold.services.lambda.durable;

import dev.freehold.protocol.Blob;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be done for an execution, as deliveries.
record Work(Action action, ExecutionArn execution, Map<String, String> facts) {
    /// The kind of these deliveries.
    static final String KIND = "lambda.durable";

    /// The fact that numbers an invocation.
    static final String NUMBER = "number";

    /// The fact that names an operation.
    static final String OPERATION = "operation";

    /// The fact that names the function of a chained invocation.
    static final String FUNCTION = "function";

    /// The fact that says for whom a chained invocation is.
    static final String TENANT = "tenant";

    private static final String ACTION = "action";
    private static final String EXECUTION = "execution";

    /// Whatever fails is tried again until its execution has ended.
    private static final RetryPolicy UNTIL_DONE =
            new RetryPolicy(
                    Integer.MAX_VALUE,
                    Duration.ofDays(10_000),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    null);

    enum Action {
        /// Invoke the function.
        INVOKE,
        /// See what is due.
        TIMER,
        /// Begin a chained invocation.
        CHAIN,
        /// Tell destinations of the end.
        TELL
    }

    static Work invoke(ExecutionArn execution, int number) {
        return new Work(Action.INVOKE, execution, Map.of(NUMBER, Integer.toString(number)));
    }

    static Work timer(ExecutionArn execution) {
        return new Work(Action.TIMER, execution, Map.of());
    }

    static Work chain(ExecutionArn execution, String operation, ChainedTarget target) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(OPERATION, operation);
        facts.put(FUNCTION, target.arn());
        if (target.tenant() != null) {
            facts.put(TENANT, target.tenant());
        }
        return new Work(Action.CHAIN, execution, facts);
    }

    static Work tell(ExecutionArn execution) {
        return new Work(Action.TELL, execution, Map.of());
    }

    /// The work that a delivery stands for; null when it is damaged.
    static @Nullable Work of(Delivery delivery) {
        Map<String, String> attributes = delivery.attributes();
        ExecutionArn execution = ExecutionArn.parse(attributes.get(EXECUTION));
        String action = attributes.get(ACTION);
        return execution == null || action == null
                ? null
                : new Work(Action.valueOf(action), execution, attributes);
    }

    /// Invocations of one function share the dispatcher's bound for a target; the rest, which is
    /// short, is each execution's own.
    Delivery delivery(Instant due) {
        String target =
                switch (action) {
                    case INVOKE -> execution.functionArn();
                    case CHAIN -> String.valueOf(facts.get(FUNCTION));
                    case TIMER, TELL -> execution.toString();
                };
        Map<String, String> attributes = new LinkedHashMap<>(facts);
        attributes.put(ACTION, action.name());
        attributes.put(EXECUTION, execution.toString());
        return new Delivery(
                id(due),
                KIND,
                execution.key().function().account(),
                execution.key().function().region(),
                target,
                attributes,
                Blob.EMPTY,
                due,
                0,
                UNTIL_DONE);
    }

    private String id(Instant due) {
        String which =
                switch (action) {
                    case INVOKE -> facts.get(NUMBER);
                    case TIMER -> Long.toString(due.toEpochMilli());
                    case CHAIN -> facts.get(OPERATION);
                    case TELL -> "";
                };
        return execution.id() + "/" + action + "/" + which;
    }
}
