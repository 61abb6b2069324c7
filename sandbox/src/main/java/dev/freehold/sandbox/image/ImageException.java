package dev.freehold.sandbox.image;

/// An image can't be had, or is none.
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why, as Lambda's state reason codes call it.
    public enum Reason {
        ACCESS_DENIED("ImageAccessDenied"),
        DELETED("ImageDeleted"),
        INVALID("InvalidImage");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    private final Reason reason;

    public ImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    ImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static ImageException invalid(String message) {
        return new ImageException(Reason.INVALID, message);
    }

    public Reason reason() {
        return reason;
    }
}
