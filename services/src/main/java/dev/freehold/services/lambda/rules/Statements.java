package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.AddLayerVersionPermissionRequest;
import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.services.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Statements of policies of functions and layers.
public final class Statements {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?");
    private static final Pattern IDENTITY = Pattern.compile("arn:aws[a-z-]*:(iam|sts)::\\d{12}:.+");

    private Statements() {}

    /// A statement of a function's policy.
    ///
    /// @param resource the ARN of the function, version or alias
    /// @throws dev.freehold.protocol.ServiceError when the principal is none
    public static String of(AddPermissionRequest in, String resource) {
        Map<String, Object> statement =
                statement(in.statementId(), in.principal(), in.action(), resource);
        Map<String, Object> equal = new LinkedHashMap<>();
        put(equal, "AWS:SourceAccount", in.sourceAccount());
        put(equal, "lambda:EventSourceToken", in.eventSourceToken());
        put(equal, "lambda:FunctionUrlAuthType", in.functionUrlAuthType());
        put(equal, "aws:PrincipalOrgID", in.principalOrgID());
        Map<String, Object> condition = new LinkedHashMap<>();
        if (!equal.isEmpty()) {
            condition.put("StringEquals", equal);
        }
        if (in.sourceArn() != null) {
            condition.put("ArnLike", Map.of("AWS:SourceArn", in.sourceArn()));
        }
        if (in.invokedViaFunctionUrl() != null) {
            String via = String.valueOf(in.invokedViaFunctionUrl());
            condition.put("Bool", Map.of("lambda:InvokedViaFunctionUrl", via));
        }
        if (!condition.isEmpty()) {
            statement.put("Condition", condition);
        }
        return Json.write(statement);
    }

    /// A statement of a layer version's policy.
    public static String of(AddLayerVersionPermissionRequest in, String resource) {
        Map<String, Object> statement =
                statement(in.statementId(), in.principal(), in.action(), resource);
        if (in.organizationId() != null) {
            statement.put(
                    "Condition",
                    Map.of("StringEquals", Map.of("aws:PrincipalOrgID", in.organizationId())));
        }
        return Json.write(statement);
    }

    private static Map<String, Object> statement(
            String id, String principal, String action, String resource) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", id);
        statement.put("Effect", "Allow");
        statement.put("Principal", principal(principal));
        statement.put("Action", action);
        statement.put("Resource", resource);
        return statement;
    }

    private static void put(Map<String, Object> target, String name, @Nullable Object value) {
        if (value != null) {
            target.put(name, value);
        }
    }

    private static Object principal(String principal) {
        if (principal.equals("*")) {
            return "*";
        }
        if (SERVICE.matcher(principal).matches()) {
            return Map.of("Service", principal);
        }
        if (ACCOUNT.matcher(principal).matches()) {
            return Map.of("AWS", "arn:aws:iam::" + principal + ":root");
        }
        if (IDENTITY.matcher(principal).matches()) {
            return Map.of("AWS", principal);
        }
        throw Errors.invalid(
                "The provided principal was invalid. Please check the principal and try again.");
    }
}
