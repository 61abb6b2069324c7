package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a handler knows about its invocation.
final class InvocationContext implements Context {
    private final Map<String, Object> head;
    private final LambdaLogger logger;

    InvocationContext(Map<String, Object> head, LambdaLogger logger) {
        this.head = head;
        this.logger = logger;
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    @Override
    public String getAwsRequestId() {
        return Json.text(head, "requestId");
    }

    @Override
    public String getLogGroupName() {
        return variable("AWS_LAMBDA_LOG_GROUP_NAME");
    }

    @Override
    public String getLogStreamName() {
        return variable("AWS_LAMBDA_LOG_STREAM_NAME");
    }

    @Override
    public String getFunctionName() {
        return variable("AWS_LAMBDA_FUNCTION_NAME");
    }

    @Override
    public String getFunctionVersion() {
        return variable("AWS_LAMBDA_FUNCTION_VERSION");
    }

    @Override
    public String getInvokedFunctionArn() {
        return Json.text(head, "functionArn");
    }

    @Override
    @SuppressWarnings("NullAway") // as AWS: null when there is none
    public @Nullable CognitoIdentity getIdentity() {
        String identity = Json.text(head, "identity");
        if (identity.isEmpty()) {
            return null;
        }
        Map<String, Object> facts = Json.read(identity);
        return new CognitoIdentity() {
            @Override
            public String getIdentityId() {
                return Json.text(facts, "cognitoIdentityId");
            }

            @Override
            public String getIdentityPoolId() {
                return Json.text(facts, "cognitoIdentityPoolId");
            }
        };
    }

    @Override
    @SuppressWarnings("NullAway") // the interface knows no null, and AWS returns it
    public @Nullable ClientContext getClientContext() {
        String context = Json.text(head, "clientContext");
        return context.isEmpty() ? null : new ReadClientContext(Json.read(context));
    }

    @Override
    public int getRemainingTimeInMillis() {
        long deadline = ((Number) head.getOrDefault("deadline", 0)).longValue();
        return (int) Math.max(0, deadline - System.currentTimeMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return Integer.parseInt(variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
    }

    @Override
    @SuppressWarnings("NullAway") // as AWS: null when there is none
    public @Nullable String getTenantId() {
        return (String) head.get("tenantId");
    }

    @Override
    @SuppressWarnings("NullAway") // as AWS: null when there is none
    public @Nullable String getXrayTraceId() {
        return (String) head.get("traceId");
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }

    /// A caller's own context.
    private static final class ReadClientContext implements ClientContext {
        private final Map<String, Object> facts;

        ReadClientContext(Map<String, Object> facts) {
            this.facts = facts;
        }

        @Override
        public Client getClient() {
            Map<String, Object> given = Json.map(facts, "client");
            Map<String, Object> client = given == null ? new HashMap<String, Object>() : given;
            return new Client() {
                @Override
                public String getInstallationId() {
                    return Json.text(client, "installation_id");
                }

                @Override
                public String getAppTitle() {
                    return Json.text(client, "app_title");
                }

                @Override
                public String getAppVersionName() {
                    return Json.text(client, "app_version_name");
                }

                @Override
                public String getAppVersionCode() {
                    return Json.text(client, "app_version_code");
                }

                @Override
                public String getAppPackageName() {
                    return Json.text(client, "app_package_name");
                }
            };
        }

        @Override
        public Map<String, String> getCustom() {
            return strings("custom");
        }

        @Override
        public Map<String, String> getEnvironment() {
            return strings("env");
        }

        private Map<String, String> strings(String name) {
            Map<String, String> strings = new HashMap<>();
            Map<String, Object> given = Json.map(facts, name);
            if (given != null) {
                given.forEach((key, value) -> strings.put(key, String.valueOf(value)));
            }
            return strings;
        }
    }
}
