package dev.freehold.services.s3.browser;

import dev.freehold.services.json.Json;
import dev.freehold.services.s3.error.S3Error;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The policy of a form: until when it may be posted, and what its fields must be.
///
/// @param expiration from when it is refused
/// @param conditions what must hold, in order
record PostPolicy(Instant expiration, List<Condition> conditions) {
    /// Fields that no condition needs to name.
    private static final Set<String> FREE =
            Set.of("awsaccesskeyid", "signature", "x-amz-signature", "file", "policy");

    private static final String RANGE = "content-length-range";

    /// One condition, as it is written.
    ///
    /// @param operator `eq`, `starts-with` or `content-length-range`, lower case
    /// @param field with its `$`; of a range, the least size
    /// @param value of a range, the greatest size
    record Condition(String operator, Object field, Object value) {
        private S3Error failed() {
            return denied("Policy Condition failed: " + text());
        }

        private String text() {
            return "["
                    + Json.write(operator)
                    + ", "
                    + Json.write(field)
                    + ", "
                    + Json.write(value)
                    + "]";
        }
    }

    /// How many bytes the file may have.
    record Sizes(long least, long most) {
        static final Sizes ANY = new Sizes(0, Long.MAX_VALUE);
    }

    /// Reads a policy.
    ///
    /// @param base64 the document, as the form has it
    static PostPolicy parse(String base64) {
        Map<String, @Nullable Object> document;
        try {
            String json = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            document = Json.readObject(json);
        } catch (IllegalArgumentException e) {
            throw invalid("Invalid JSON.");
        }
        if (!(document.get("expiration") instanceof String expiration)) {
            throw invalid("Policy missing expiration.");
        }
        if (!(document.get("conditions") instanceof List<?> given)) {
            throw invalid("Policy missing conditions.");
        }
        List<Condition> conditions = new ArrayList<>();
        for (Object one : given) {
            conditions.add(condition(one));
        }
        try {
            return new PostPolicy(Instant.parse(expiration), conditions);
        } catch (DateTimeException e) {
            throw invalid("Invalid 'expiration' value: '" + expiration + "'");
        }
    }

    private static Condition condition(@Nullable Object given) {
        if (given instanceof Map<?, ?> simple) {
            if (simple.size() != 1) {
                throw invalid(
                        "Invalid Simple-Condition: Simple-Conditions must have exactly one property"
                                + " specified.");
            }
            Map.Entry<?, ?> only = simple.entrySet().iterator().next();
            if (!(only.getValue() instanceof String value)) {
                throw invalid("Invalid Simple-Condition: value must be a string.");
            }
            return new Condition("eq", "$" + only.getKey(), value);
        }
        if (!(given instanceof List<?> list)
                || list.size() != 3
                || !(list.getFirst() instanceof String operator)
                || list.get(1) == null
                || list.get(2) == null) {
            throw invalid("Invalid Condition: a condition has an operator and two arguments.");
        }
        String lower = operator.toLowerCase(Locale.ROOT);
        boolean known = Set.of("eq", "starts-with", RANGE).contains(lower);
        boolean texts = list.get(1) instanceof String && list.get(2) instanceof String;
        if (!known || (!lower.equals(RANGE) && !texts)) {
            throw invalid("Invalid Condition: " + operator);
        }
        return new Condition(lower, list.get(1), list.get(2));
    }

    /// Holds a form against the policy.
    ///
    /// @param fields by name in lower case, the bucket among them
    /// @return how many bytes the file may have
    Sizes check(Map<String, String> fields, Instant now) {
        if (!now.isBefore(expiration)) {
            throw denied("Policy expired.");
        }
        Sizes sizes = Sizes.ANY;
        Set<String> named = new HashSet<>();
        for (Condition condition : conditions) {
            if (condition.operator().equals(RANGE)) {
                sizes = sizes(condition);
                continue;
            }
            String field = String.valueOf(condition.field()).toLowerCase(Locale.ROOT);
            if (!field.startsWith("$") || !holds(condition, fields.get(field.substring(1)))) {
                throw condition.failed();
            }
            named.add(field.substring(1));
        }
        for (String field : fields.keySet()) {
            if (!named.contains(field) && !FREE.contains(field) && !field.startsWith("x-ignore-")) {
                throw denied("Extra input fields: " + field);
            }
        }
        return sizes;
    }

    private static boolean holds(Condition condition, @Nullable String value) {
        String wanted = String.valueOf(condition.value());
        String found = value == null ? "" : value;
        return condition.operator().equals("eq")
                ? value != null && found.equals(wanted)
                : found.startsWith(wanted) && (value != null || wanted.isEmpty());
    }

    private static Sizes sizes(Condition condition) {
        try {
            long least = Long.parseLong(String.valueOf(condition.field()));
            return new Sizes(least, Long.parseLong(String.valueOf(condition.value())));
        } catch (NumberFormatException e) {
            throw condition.failed();
        }
    }

    private static S3Error denied(String why) {
        return S3Error.of(403, "AccessDenied", "Invalid according to Policy: " + why);
    }

    private static S3Error invalid(String why) {
        return S3Error.of(400, "InvalidPolicyDocument", "Invalid Policy: " + why);
    }
}
