package dev.freehold.protocol;

import java.util.List;

/// What the operations of one service ask to be allowed. Each service has one, beside its code: the
/// operation that was dispatched, and its decoded input, are what is authorised.
@FunctionalInterface
public interface Permissions {
    /// All permissions that the call needs; empty when none.
    List<Permission> of(Operation operation, Structure input, Caller caller);
}
