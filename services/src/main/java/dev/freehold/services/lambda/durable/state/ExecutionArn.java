package dev.freehold.services.lambda.durable.state;

import dev.freehold.services.lambda.state.FunctionId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What names an execution for ever: its function's version, its name, and the id it got itself.
///
/// @param version `$LATEST` or a number
/// @param id of this execution among all that had the name
public record ExecutionArn(ExecutionKey key, String version, String id) {
    private static final Pattern FORM =
            Pattern.compile(
                    "arn:[a-zA-Z0-9-]+:lambda:([a-zA-Z0-9-]+):(\\d{12}):function:([a-zA-Z0-9_-]+)"
                            + ":(\\$LATEST|[0-9]+)/durable-execution"
                            + "/([a-zA-Z0-9_-]+)/([a-zA-Z0-9_-]+)");

    /// The execution that an ARN names; null when it is none's.
    public static @Nullable ExecutionArn parse(@Nullable String arn) {
        Matcher matcher = FORM.matcher(String.valueOf(arn));
        if (!matcher.matches()) {
            return null;
        }
        FunctionId function = new FunctionId(matcher.group(2), matcher.group(1), matcher.group(3));
        ExecutionKey key = new ExecutionKey(function, matcher.group(5));
        return new ExecutionArn(key, matcher.group(4), matcher.group(6));
    }

    /// The ARN of the version that runs.
    public String functionArn() {
        return key.function().arn(version);
    }

    @Override
    public String toString() {
        return functionArn() + "/durable-execution/" + key.name() + "/" + id;
    }
}
