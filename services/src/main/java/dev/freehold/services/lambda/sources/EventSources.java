package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.run.RoleCallers;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.MappingKey;
import dev.freehold.services.lambda.state.MappingRow;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Feeds functions from their sources: one poller for each mapping that is enabled.
public final class EventSources {
    private final Parts parts;
    private final Set<MappingKey> polled = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What it works with.
    ///
    /// @param sqs as it is seen from outside: authorised
    /// @param ids makes UUIDs
    public record Parts(
            Store store,
            SqsApi sqs,
            RoleCallers roles,
            Invoker invoker,
            InstantSource clock,
            Supplier<String> ids) {}

    public EventSources(Parts parts) {
        this.parts = parts;
    }

    /// Starts pollers for mappings that have none. The server calls it every second.
    ///
    /// @param executor runs each poller and each batch on a thread of its own
    public void refresh(Executor executor) {
        for (Entry<MappingKey, MappingRow> entry :
                parts.store.read(
                        tx -> LambdaTables.list(tx, LambdaTables.MAPPINGS, KeyRange.ALL))) {
            if (entry.value().enabled() && polled.add(entry.key())) {
                executor.execute(() -> poll(entry.key(), executor));
            }
        }
    }

    /// Ends all pollers when they next look.
    public void close() {
        closed = true;
    }

    private void poll(MappingKey key, Executor executor) {
        QueuePoller poller =
                new QueuePoller(
                        new QueuePoller.Parts(
                                parts.sqs,
                                parts.roles,
                                parts.invoker,
                                parts.clock,
                                parts.ids,
                                executor));
        try {
            EventSourceMappingConfiguration mapping = enabled(key);
            while (!closed && mapping != null) {
                poller.pollOnce(mapping);
                mapping = enabled(key);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // the queue or the function is gone, or may not be read: it is tried again every second
            System.getLogger(EventSources.class.getName())
                    .log(System.Logger.Level.DEBUG, "A poller pauses: " + e.getMessage());
        } finally {
            polled.remove(key);
        }
    }

    private @Nullable EventSourceMappingConfiguration enabled(MappingKey key) {
        MappingRow row = parts.store.read(tx -> tx.get(LambdaTables.MAPPINGS, key));
        return row == null || !row.enabled() ? null : row.configuration();
    }
}
