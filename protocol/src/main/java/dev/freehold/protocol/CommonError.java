package dev.freehold.protocol;

import org.jspecify.annotations.Nullable;

/// Errors that every service may answer and no model declares.
///
/// See <https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html>.
public final class CommonError extends ServiceError {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Details details;

    public CommonError(String code, int status, @Nullable String message) {
        this(code, status, message, null);
    }

    /// @param details what is sent beside the message, or null
    public CommonError(
            String code, int status, @Nullable String message, @Nullable Details details) {
        this(new ErrorShape(code, code, status, messageName(code)), message, details);
    }

    private CommonError(ErrorShape shape, @Nullable String message, @Nullable Details details) {
        super(shape, message);
        this.details = details;
    }

    /// The same error under another name.
    ///
    /// @param name in JSON and CBOR
    /// @param code in XML, query, and `x-amzn-query-error`
    public CommonError named(String name, String code, int status) {
        ErrorShape renamed = new ErrorShape(name, code, status, messageName(name));
        return new CommonError(renamed, getMessage(), details);
    }

    @Override
    public @Nullable Details body() {
        return details;
    }

    /// Where AWS puts the message: these come from another layer of it than the others.
    private static String messageName(String code) {
        return switch (code) {
            case "AccessDeniedException", "SerializationException" -> "Message";
            default -> "message";
        };
    }

    /// The body can't be read in the protocol's syntax.
    public static CommonError serialization(String message) {
        return new CommonError("SerializationException", 400, message);
    }

    /// A union has none of its members, or several.
    public static CommonError notOneMember(Schema union, int members) {
        return serialization(
                "Expected one known member of the union "
                        + union.name()
                        + ", found "
                        + members
                        + " members");
    }

    /// The input violates the model's constraints.
    public static CommonError validation(String message) {
        return new CommonError("ValidationException", 400, message);
    }

    /// The request is larger than may be held in memory.
    public static CommonError tooLarge(long limit) {
        return new CommonError(
                "RequestEntityTooLargeException",
                413,
                "Request must be smaller than " + limit + " bytes");
    }
}
