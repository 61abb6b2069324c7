package dev.freehold.services.lambda.rules;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.VersionKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A function as requests name it: by name, by part of its ARN, by its ARN; with a qualifier or
/// not.
///
/// @param qualifier a version or alias, or null
public record FunctionName(FunctionId id, @Nullable String qualifier) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?"
                            + "((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\\d:)?(\\d{12}:)?"
                            + "(?:function:)?([a-zA-Z0-9-_.]+)(?::(\\$LATEST(?:\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?");

    /// What a request names.
    ///
    /// @param qualifier what it says beside the name, or null
    /// @throws dev.freehold.protocol.ServiceError when that is no function's name, is in another
    ///   region, or has two qualifiers that differ
    public static FunctionName parse(String text, @Nullable String qualifier, Caller caller) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CommonError.validation(
                    "1 validation error detected: Value '"
                            + text
                            + "' at 'functionName' failed to satisfy constraint: Member must"
                            + " satisfy regular expression pattern: "
                            + FORM.pattern());
        }
        String region = withoutColon(matcher.group(1), caller.region());
        if (!region.equals(caller.region())) {
            throw Errors.notFound(
                    "Functions from '"
                            + region
                            + "' are not reachable in this region ('"
                            + caller.region()
                            + "')");
        }
        String own = matcher.group(4);
        if (own != null && qualifier != null && !own.equals(qualifier)) {
            throw Errors.invalid(
                    "The derived qualifier from the function name does not match the specified"
                            + " qualifier.");
        }
        FunctionId id =
                new FunctionId(
                        withoutColon(matcher.group(2), caller.account()), region, matcher.group(3));
        return new FunctionName(id, own == null ? qualifier : own);
    }

    private static String withoutColon(@Nullable String part, String otherwise) {
        return part == null ? otherwise : part.substring(0, part.length() - 1);
    }

    /// The ARN as it was asked for.
    public String arn() {
        return id.arn(qualifier);
    }

    /// Whether it means the function itself, not a version or alias.
    public boolean unqualified() {
        return qualifier == null || qualifier.equals(VersionKey.LATEST);
    }

    /// Whether a qualifier is a version's number.
    public static boolean numeric(String qualifier) {
        return !qualifier.isEmpty()
                && qualifier.length() <= 9
                && qualifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
