package dev.freehold.sandbox.telemetry;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The buffer of one subscription, and the thread that delivers it in batches. It holds two batches
/// at most: one is filled while another is delivered; what comes when both are full is dropped.
final class Subscriber implements AutoCloseable {
    /// How often a batch is offered before it is dropped, and the waits between, in milliseconds.
    private static final int MAX_ATTEMPTS = 6;

    private static final long FIRST_WAIT = 50;

    private static final String BEHIND =
            "Some logs were dropped because the downstream consumer is slower than the logs"
                    + " production rate";

    private final Subscription subscription;
    private final Destination destination;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long bytes;
    private long since;
    private long droppedRecords;
    private long droppedBytes;
    private String reason = "";
    private boolean flushes;
    private boolean closed;

    Subscriber(Subscription subscription, Destination destination, InstantSource clock) {
        this.subscription = subscription;
        this.destination = destination;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("telemetry").start(this::run);
    }

    Subscription subscription() {
        return subscription;
    }

    /// Takes an event, if it is of those that were asked for. Never waits.
    void offer(TelemetryEvent event) {
        TelemetryEvent mine = subscription.adapt(event);
        if (mine == null) {
            return;
        }
        byte[] json = mine.json();
        lock.lock();
        try {
            if (waiting.size() >= 2 * subscription.buffering().maxItems()
                    || bytes + json.length > 2L * subscription.buffering().maxBytes()) {
                dropped(1, json.length, BEHIND);
                return;
            }
            if (waiting.isEmpty()) {
                since = System.nanoTime();
            }
            waiting.addLast(json);
            bytes += json.length;
            if (waiting.size() == 1 || full()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void dropped(long records, long size, String why) {
        droppedRecords += records;
        droppedBytes += size;
        reason = why;
    }

    private boolean full() {
        return waiting.size() >= subscription.buffering().maxItems()
                || bytes >= subscription.buffering().maxBytes();
    }

    /// Delivers what waits without waiting for more. What comes later waits as ever: extensions
    /// that print what they get would never end.
    void flush() {
        lock.lock();
        try {
            flushes = !waiting.isEmpty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                deliver(take());
            }
        } catch (InterruptedException e) {
            // it is closed
        }
    }

    /// The next batch.
    private List<byte[]> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                changed.await();
            }
            long left = until();
            while (!full() && !flushes && left > 0) {
                changed.awaitNanos(left);
                left = until();
            }
            flushes = false;
            return batch();
        } finally {
            lock.unlock();
        }
    }

    private long until() {
        return since + subscription.buffering().timeout().toNanos() - System.nanoTime();
    }

    private List<byte[]> batch() {
        List<byte[]> batch = new ArrayList<>();
        long size = 0;
        while (!waiting.isEmpty()
                && batch.size() < subscription.buffering().maxItems()
                && size < subscription.buffering().maxBytes()) {
            byte[] next = waiting.removeFirst();
            size += next.length;
            batch.add(next);
        }
        bytes -= size;
        since = System.nanoTime();
        if (droppedRecords > 0) {
            batch.add(lost(clock.instant()));
        }
        return batch;
    }

    private byte[] lost(Instant now) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("droppedBytes", droppedBytes);
        record.put("droppedRecords", droppedRecords);
        record.put("reason", reason);
        droppedRecords = 0;
        droppedBytes = 0;
        return new TelemetryEvent(now, "platform.logsDropped", record).json();
    }

    private void deliver(List<byte[]> batch) throws InterruptedException {
        long wait = FIRST_WAIT;
        for (int attempt = 1; ; attempt++) {
            try {
                destination.deliver(batch);
                return;
            } catch (IOException e) {
                if (attempt == MAX_ATTEMPTS || closed) {
                    lose(batch, "could not send events: " + e.getMessage());
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(wait);
            wait *= 2;
        }
    }

    private void lose(List<byte[]> batch, String why) {
        long size = 0;
        for (byte[] event : batch) {
            size += event.length;
        }
        lock.lock();
        try {
            dropped(batch.size(), size, why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        destination.close();
    }
}
