package dev.freehold.services.deliveries;

import dev.freehold.storage.Transaction;
import java.time.Instant;

/// Where services write what is to happen because of what they do.
public interface Deliveries {
    /// Writes a delivery in the transaction of its cause, to be performed at `due` or soon after.
    void enqueue(Transaction tx, Delivery delivery, Instant due);

    /// Tells the dispatcher, after a commit, that there may be work that is due. Without it the
    /// work is found a little later.
    void wake();
}
