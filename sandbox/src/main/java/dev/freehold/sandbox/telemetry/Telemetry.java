package dev.freehold.sandbox.telemetry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The telemetry of one environment. Extensions subscribe while it is initialised, and then get
/// what has happened since its beginning.
public final class Telemetry implements AutoCloseable {
    /// The most events of an initialisation that wait for subscribers; later ones are not kept.
    private static final int MAX_EARLY = 1000;

    /// The most subscriptions: one for each extension.
    private static final int MAX_SUBSCRIBERS = 10;

    private final Dialer dialer;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
    private final List<TelemetryEvent> early = new ArrayList<>();
    private boolean open = true;
    private volatile boolean wanted = true;

    public Telemetry(Dialer dialer, InstantSource clock) {
        this.dialer = dialer;
        this.clock = clock;
    }

    /// What came of a subscription.
    public enum Outcome {
        SUBSCRIBED,
        /// The extension has subscribed before, which stays as it is.
        ALREADY,
        /// The extension has subscribed by the other API.
        OTHER_API,
        /// The initialisation is over.
        CLOSED
    }

    /// Whether anybody may want to know anything: else there is no need to tell.
    public boolean wanted() {
        return wanted;
    }

    /// Tells what has happened. Never waits.
    public void publish(TelemetryEvent event) {
        if (!wanted) {
            return;
        }
        lock.lock();
        try {
            if (open && early.size() < MAX_EARLY) {
                early.add(event);
            }
            subscribers.values().forEach(subscriber -> subscriber.offer(event));
        } finally {
            lock.unlock();
        }
    }

    /// Subscribes an extension.
    ///
    /// @param extension its name
    public Outcome subscribe(String extension, Subscription subscription) {
        lock.lock();
        try {
            Subscriber known = subscribers.get(extension);
            if (known != null) {
                return known.subscription().api() == subscription.api()
                        ? Outcome.ALREADY
                        : Outcome.OTHER_API;
            }
            if (!open || subscribers.size() == MAX_SUBSCRIBERS) {
                return Outcome.CLOSED;
            }
            Subscription.Target target = subscription.target();
            Destination destination =
                    target.method() == null
                            ? new TcpDestination(dialer, target.port())
                            : new HttpDestination(dialer, target);
            Subscriber subscriber = new Subscriber(subscription, destination, clock);
            subscribers.put(extension, subscriber);
            early.forEach(subscriber::offer);
            return Outcome.SUBSCRIBED;
        } finally {
            lock.unlock();
        }
    }

    /// The initialisation is over: nobody can subscribe any more.
    public void closeSubscriptions() {
        lock.lock();
        try {
            open = false;
            early.clear();
            wanted = !subscribers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Delivers what waits, without waiting for more.
    public void flush() {
        all().forEach(Subscriber::flush);
    }

    private List<Subscriber> all() {
        lock.lock();
        try {
            return List.copyOf(subscribers.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closeSubscriptions();
        wanted = false;
        all().forEach(Subscriber::close);
    }
}
