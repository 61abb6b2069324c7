package dev.freehold.protocol;

/// An operation that the service has on AWS and not yet here. Clients see status 501 and the
/// operation's name.
public final class NotImplementedError extends ServiceError {
    public static final ErrorShape SHAPE = new ErrorShape("NotImplemented", 501);
    private static final long serialVersionUID = 1L;

    public NotImplementedError(ServiceModel service, String operation) {
        super(
                SHAPE,
                "The operation "
                        + operation
                        + " of "
                        + service.serviceId()
                        + " is not implemented by Freehold.");
    }

    /// @param what an option or value that is not implemented, in words
    public NotImplementedError(String what) {
        super(SHAPE, what + " is not implemented by Freehold.");
    }
}
