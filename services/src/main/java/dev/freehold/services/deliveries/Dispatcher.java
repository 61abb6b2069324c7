package dev.freehold.services.deliveries;

import dev.freehold.protocol.ServiceError;
import dev.freehold.services.deliveries.DeliveryHandler.Outcome;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/// Performs deliveries when they are due: finds their rows, hands each to the handler of its kind
/// on a thread of its own, and writes how it ended. What is being performed is known in memory
/// only; after a crash the rows are still there and are performed again.
///
/// A target that is slow or down does not hold up the others, nor does a kind: a bounded number of
/// deliveries to one target, and of one kind, is under way, and the rest of them move a little into
/// the future.
public final class Dispatcher implements Deliveries, AutoCloseable {
    /// The most rows that one look at the queue takes; more than can be under way, so that those
    /// which are can't hide the others.
    private static final int SCAN_LIMIT = 2 * Flights.MAX;

    /// How much older than a look a row may be that it missed: the longest time from the making of
    /// a due time to the end of its transaction.
    private static final Duration LATE_COMMIT = Duration.ofSeconds(5);

    /// How often the whole queue is looked at, whatever the low mark says.
    private static final Duration FULL_SCAN = Duration.ofSeconds(30);

    /// How long the dead are kept for people to look at.
    private static final Duration KEEP_DEAD = Duration.ofDays(14);

    /// How long a dead delivery waits that we failed to hand to its dead-letter target.
    private static final Duration BURIAL_PAUSE = Duration.ofSeconds(30);

    private static final Duration IDLE_PAUSE = Duration.ofSeconds(1);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(500);
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Store store;
    private final InstantSource clock;
    private final Executor executor;
    private final Map<String, DeliveryHandler> handlers;
    private final Burial burial;
    private final Flights flights = new Flights();
    private Instant lowMark = Instant.EPOCH;
    private Instant lastFullScan = Instant.EPOCH;

    /// @param executor runs each delivery on a thread of its own
    /// @param handlers the handler of each kind
    /// @param burial hands the dead ones to their dead-letter targets
    public Dispatcher(
            Store store,
            InstantSource clock,
            Executor executor,
            Map<String, DeliveryHandler> handlers,
            Burial burial) {
        this.store = store;
        this.clock = clock;
        this.executor = executor;
        this.handlers = Map.copyOf(handlers);
        this.burial = burial;
    }

    @Override
    public void enqueue(Transaction tx, Delivery delivery, Instant due) {
        DeliveriesTables.enqueue(tx, new DueKey(due, delivery.id()), delivery);
    }

    @Override
    public void wake() {
        flights.wake();
    }

    /// Looks for work until the dispatcher is closed. The server runs it on one platform thread.
    public void run() throws InterruptedException {
        while (!flights.closed()) {
            flights.await(lookAndPause());
        }
    }

    /// A look that survives a failing store: the rows are still there for the next.
    private Duration lookAndPause() {
        try {
            return Duration.between(clock.instant(), dispatchDue());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Can't look for deliveries; trying again", e);
            return IDLE_PAUSE;
        }
    }

    /// Starts what is due now, as far as the bounds allow. For one thread.
    ///
    /// @return when to look again, unless woken before
    public Instant dispatchDue() {
        Instant now = clock.instant();
        Instant from = scanStart(now);
        List<DueKey> due = store.read(tx -> DeliveriesTables.due(tx, from, now, SCAN_LIMIT));
        lowMark = earlier(now.minus(LATE_COMMIT), due.isEmpty() ? now : due.getFirst().due());
        for (DueKey key : due) {
            if (flights.full()) {
                break;
            }
            start(key);
        }
        if (due.size() == SCAN_LIMIT && !flights.full()) {
            // There is more that is due: every such look starts or moves some of it.
            return now;
        }
        return store.read(tx -> earlier(DeliveriesTables.next(tx, now), now.plus(IDLE_PAUSE)));
    }

    /// Waits until nothing is under way.
    public void awaitIdle() throws InterruptedException {
        flights.awaitIdle();
    }

    /// Starts no more deliveries, and waits for those under way. Their handlers end in bounded
    /// time.
    @Override
    public void close() {
        flights.close();
    }

    /// Deleted rows leave marks in the store that a scan has to pass over, so that a look starts
    /// where the oldest row can be, not at the beginning of time.
    private Instant scanStart(Instant now) {
        if (!lastFullScan.plus(FULL_SCAN).isAfter(now)) {
            lastFullScan = now;
            return Instant.EPOCH;
        }
        return lowMark;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void start(DueKey key) {
        Delivery delivery =
                flights.contains(key) ? null : store.read(tx -> DeliveriesTables.read(tx, key));
        if (delivery == null) {
            return;
        }
        switch (flights.begin(key, delivery.kind(), delivery.target())) {
            case STARTED -> executor.execute(() -> perform(key, delivery));
            case BUSY -> postpone(key, delivery, BUSY_PAUSE);
            case CLOSED -> {}
        }
    }

    private void perform(DueKey key, Delivery delivery) {
        try {
            settle(key, delivery, attempt(delivery));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Can't settle delivery " + delivery.id(), e);
        } finally {
            flights.end(key, delivery.kind(), delivery.target());
        }
    }

    /// A handler that throws has failed like one that says so.
    private Outcome attempt(Delivery delivery) {
        DeliveryHandler handler = handlers.get(delivery.kind());
        if (handler == null) {
            return new Outcome.Dead("nothing handles deliveries of kind " + delivery.kind());
        }
        try {
            return handler.perform(delivery);
        } catch (ServiceError e) {
            return new Outcome.Retry(e.shape().name() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Delivery " + delivery.id() + " failed", e);
            return new Outcome.Retry(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void settle(DueKey key, Delivery delivery, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done() -> done(key, delivery);
            case Outcome.Later(Duration pause) -> retryOrBury(key, delivery, pause, "expired");
            case Outcome.Retry(String reason, Duration asked) -> {
                Delivery failed = delivery.withAttempt(delivery.attempt() + 1);
                Duration pause = asked == null ? failed.retry().backoff(failed.attempt()) : asked;
                if (failed.attempt() >= failed.retry().maxAttempts()) {
                    bury(key, failed, reason);
                } else {
                    retryOrBury(key, failed, pause, reason);
                }
            }
            case Outcome.Dead(String reason) -> bury(key, delivery, reason);
        }
    }

    private void done(DueKey key, Delivery delivery) {
        Instant now = clock.instant();
        if (store.update(tx -> DeliveriesTables.remove(tx, key, delivery, now))) {
            wake();
        }
    }

    private void retryOrBury(DueKey key, Delivery delivery, Duration pause, String reason) {
        Instant due = clock.instant().plus(pause);
        if (due.isAfter(delivery.created().plus(delivery.retry().maxAge()))) {
            bury(key, delivery, reason);
        } else {
            postpone(key, delivery, pause);
        }
    }

    private void postpone(DueKey key, Delivery delivery, Duration pause) {
        DueKey later = new DueKey(clock.instant().plus(pause), key.id());
        store.updateOnly(tx -> DeliveriesTables.move(tx, key, later, delivery));
    }

    /// The dead-letter target has it before the row goes: after a crash between them it is sent a
    /// second time, never lost. A target that refuses it has had its chance, as on AWS: what is
    /// left is the row among the dead, which says why.
    private void bury(DueKey key, Delivery delivery, String reason) {
        Instant now = clock.instant();
        LOG.log(
                System.Logger.Level.WARNING,
                "Delivery {0} to {1} is dead: {2}",
                delivery.id(),
                delivery.target(),
                reason);
        String end;
        try {
            end = handOver(delivery, reason);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Can't bury delivery " + delivery.id(), e);
            postpone(key, delivery, BURIAL_PAUSE);
            return;
        }
        boolean next =
                store.update(tx -> {
                    DeliveriesTables.keepDead(tx, delivery, now, end);
                    DeliveriesTables.forgetDead(tx, delivery.account(), now.minus(KEEP_DEAD));
                    return DeliveriesTables.remove(tx, key, delivery, now);
                });
        if (next) {
            wake();
        }
    }

    /// Gives a dead delivery to its dead-letter target.
    ///
    /// @return why it died, and why the target did not take it
    private String handOver(Delivery delivery, String reason) {
        DeliveryHandler handler = handlers.get(delivery.kind());
        try {
            if (handler == null || !handler.buried(delivery, reason)) {
                burial.bury(delivery, reason);
            }
            return reason;
        } catch (ServiceError e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The dead-letter target of delivery {0} refused it: {1}",
                    delivery.id(),
                    e.getMessage());
            return reason + "; its dead-letter target refused it: " + e.getMessage();
        }
    }
}
