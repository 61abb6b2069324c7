package dev.freehold.server;

import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Deliveries before there is a dispatcher: services are made first, and the dispatcher needs them.
final class LateDeliveries implements Deliveries {
    private volatile @Nullable Dispatcher dispatcher;

    void use(Dispatcher made) {
        dispatcher = made;
    }

    private Dispatcher made() {
        return Objects.requireNonNull(dispatcher);
    }

    @Override
    public void enqueue(Transaction tx, Delivery delivery, Instant due) {
        made().enqueue(tx, delivery, due);
    }

    @Override
    public void wake() {
        made().wake();
    }
}
