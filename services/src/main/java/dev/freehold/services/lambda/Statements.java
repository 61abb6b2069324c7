package dev.freehold.services.lambda;

import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.services.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// Statements of a function's policy.
final class Statements {
    private Statements() {}

    static String of(AddPermissionRequest in, FunctionName name) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", in.statementId());
        statement.put("Effect", "Allow");
        statement.put("Principal", principal(in.principal()));
        statement.put("Action", in.action());
        statement.put("Resource", name.arn());
        Map<String, Object> condition = new LinkedHashMap<>();
        if (in.sourceAccount() != null) {
            condition.put("StringEquals", Map.of("AWS:SourceAccount", in.sourceAccount()));
        }
        if (in.sourceArn() != null) {
            condition.put("ArnLike", Map.of("AWS:SourceArn", in.sourceArn()));
        }
        if (in.functionUrlAuthType() != null) {
            condition.put(
                    "StringEquals", Map.of("lambda:FunctionUrlAuthType", in.functionUrlAuthType()));
        }
        if (!condition.isEmpty()) {
            statement.put("Condition", condition);
        }
        return Json.write(statement);
    }

    private static Object principal(String principal) {
        if (principal.equals("*")) {
            return "*";
        }
        if (principal.endsWith(".amazonaws.com")) {
            return Map.of("Service", principal);
        }
        boolean account = principal.matches("\\d{12}");
        return Map.of("AWS", account ? "arn:aws:iam::" + principal + ":root" : principal);
    }
}
