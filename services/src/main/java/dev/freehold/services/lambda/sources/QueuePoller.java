package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.sqs.DeleteMessageBatchRequest;
import dev.freehold.api.sqs.DeleteMessageBatchRequestEntry;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.run.RoleCallers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Takes messages from a queue and hands them to a function, batch by batch.
final class QueuePoller {
    private static final System.Logger LOG = System.getLogger(QueuePoller.class.getName());
    private static final int LONG_POLL_SECONDS = 2;
    private static final int MAX_CONCURRENCY = 1000;
    private static final long PLACE_WAIT_MILLIS = 500;

    private final Parts parts;
    private final Scale scale = new Scale();

    /// What it works with.
    ///
    /// @param sqs as it is seen from outside: authorised
    /// @param executor runs each batch on a thread of its own
    record Parts(
            SqsApi sqs,
            RoleCallers roles,
            Invoker invoker,
            InstantSource clock,
            Supplier<String> ids,
            Executor executor) {}

    QueuePoller(Parts parts) {
        this.parts = parts;
    }

    /// A mapping with what it names.
    private record Work(
            EventSourceMappingConfiguration mapping,
            Arn queue,
            FunctionName function,
            Caller caller) {}

    /// Collects one batch, when there is something, and starts its invocation.
    ///
    /// @throws ServiceError when the queue or the function is gone
    void pollOnce(EventSourceMappingConfiguration mapping) throws InterruptedException {
        int wanted =
                mapping.scalingConfig() == null
                                || mapping.scalingConfig().maximumConcurrency() == null
                        ? MAX_CONCURRENCY
                        : mapping.scalingConfig().maximumConcurrency();
        if (!scale.enter(wanted, parts.clock.millis(), PLACE_WAIT_MILLIS)) {
            return;
        }
        boolean started = false;
        try {
            Work work = work(mapping);
            List<Message> messages = collect(work);
            if (!messages.isEmpty()) {
                started = true;
                parts.executor.execute(() -> run(work, messages));
            }
        } finally {
            if (!started) {
                scale.leave(false);
            }
        }
    }

    private Work work(EventSourceMappingConfiguration mapping) {
        Arn queue = Arn.parse(String.valueOf(mapping.eventSourceArn()));
        Arn function = Arn.parse(String.valueOf(mapping.functionArn()));
        if (queue == null || function == null) {
            throw new IllegalStateException("mapping " + mapping.uuid());
        }
        Caller lambda =
                dev.freehold.services.access.Callers.service(
                        function.account(),
                        function.region(),
                        "lambda.amazonaws.com",
                        String.valueOf(mapping.eventSourceMappingArn()),
                        function.account(),
                        parts.ids.get());
        FunctionName name = FunctionName.parse(String.valueOf(mapping.functionArn()), null, lambda);
        Lookup.Found found = parts.invoker.runnable(name);
        Caller caller =
                parts.roles.of(
                        String.valueOf(found.version().configuration().role()),
                        name.id().name(),
                        queue.region(),
                        parts.ids.get());
        return new Work(mapping, queue, name, caller);
    }

    /// One receive, or as many as the batching window and the batch's size allow.
    private List<Message> collect(Work work) {
        int size = work.mapping.batchSize() == null ? 10 : work.mapping.batchSize();
        Integer window = work.mapping.maximumBatchingWindowInSeconds();
        long end = parts.clock.millis() + (window == null ? 0 : window * 1000L);
        Filters filters = Filters.of(work.mapping.filterCriteria());
        List<Message> kept = new ArrayList<>();
        int bytes = 0;
        do {
            int wait = wait(end, kept.isEmpty());
            List<Message> received = receive(work, Math.min(size - kept.size(), 10), wait);
            List<Message> matching = matching(work, filters, received);
            kept.addAll(matching);
            bytes += matching.stream().mapToInt(Batch::size).sum();
            if (kept.isEmpty() && parts.clock.millis() >= end) {
                break;
            }
        } while (kept.size() < size && bytes < Batch.MAX_BYTES / 2 && parts.clock.millis() < end);
        return kept;
    }

    private int wait(long endMillis, boolean first) {
        if (first) {
            return LONG_POLL_SECONDS;
        }
        long left = Math.max(0, endMillis - parts.clock.millis());
        return (int) Math.min(LONG_POLL_SECONDS, left / 1000);
    }

    private List<Message> receive(Work work, int most, int waitSeconds) {
        List<Message> messages =
                parts.sqs
                        .receiveMessage(
                                ReceiveMessageRequest.builder()
                                        .queueUrl(QueueChecks.url(work.queue))
                                        .maxNumberOfMessages(most)
                                        .waitTimeSeconds(waitSeconds)
                                        .attributeNames(List.of("All"))
                                        .messageAttributeNames(List.of("All"))
                                        .build(),
                                work.caller)
                        .messages();
        return messages == null ? List.of() : messages;
    }

    /// Messages that no filter lets pass are gone for good, as on AWS.
    private List<Message> matching(Work work, Filters filters, List<Message> received) {
        if (filters.isEmpty()) {
            return received;
        }
        Batch batch = new Batch(work.queue, received);
        List<Message> pass = new ArrayList<>();
        List<Message> dropped = new ArrayList<>();
        for (Message message : received) {
            boolean matches = filters.matches(batch.record(message), List.of("body"));
            (matches ? pass : dropped).add(message);
        }
        delete(work, dropped);
        return pass;
    }

    private void run(Work work, List<Message> messages) {
        boolean throttled = false;
        try {
            String arn = work.function.id().arn();
            for (Batch batch : new Batch(work.queue, messages).byLoops(arn)) {
                throttled |= run(work, batch, arn);
            }
        } finally {
            scale.leave(throttled);
        }
    }

    /// @return whether it is throttled
    private boolean run(Work work, Batch batch, String arn) {
        try {
            Call call = new Call(work.function, batch.event(), null, batch.trace(arn));
            Answer answer = parts.invoker.invoke(call, caller(work));
            List<String> types = work.mapping.functionResponseTypes();
            boolean partial = types != null && types.contains("ReportBatchItemFailures");
            delete(work, batch.done(answer.result(), partial));
        } catch (ServiceError e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "A batch of mapping {0} comes back: {1}",
                    work.mapping.uuid(),
                    e.getMessage());
            return e.shape().status() == 429;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A batch failed", e);
        }
        return false;
    }

    private Caller caller(Work work) {
        return dev.freehold.services.access.Callers.service(
                work.function.id().account(),
                work.function.id().region(),
                "lambda.amazonaws.com",
                String.valueOf(work.mapping.eventSourceMappingArn()),
                work.function.id().account(),
                parts.ids.get());
    }

    private void delete(Work work, List<Message> done) {
        for (int from = 0; from < done.size(); from += MappingOptions.MAX_RECEIVE) {
            int to = Math.min(done.size(), from + MappingOptions.MAX_RECEIVE);
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (int i = from; i < to; i++) {
                entries.add(
                        DeleteMessageBatchRequestEntry.builder()
                                .id(String.valueOf(i))
                                .receiptHandle(done.get(i).receiptHandle())
                                .build());
            }
            parts.sqs.deleteMessageBatch(
                    DeleteMessageBatchRequest.builder()
                            .queueUrl(QueueChecks.url(work.queue))
                            .entries(entries)
                            .build(),
                    work.caller);
        }
    }
}
