package dev.freehold.server;

import dev.freehold.api.events.EventsApi;
import dev.freehold.api.events.EventsDispatch;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.states.StatesApi;
import dev.freehold.api.states.StatesDispatch;
import dev.freehold.http.Authentication;
import dev.freehold.http.Endpoint;
import dev.freehold.http.Gateway;
import dev.freehold.http.Hosts;
import dev.freehold.http.Listener;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Layout;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.Sandbox;
import dev.freehold.sandbox.cgroup.Feature;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.services.deliveries.Targets;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.run.LambdaLogs;
import dev.freehold.services.logs.LogsService;
import dev.freehold.storage.FileBlobs;
import dev.freehold.storage.OrphanBlobs;
import dev.freehold.storage.Store;
import dev.freehold.storage.rocksdb.RocksStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A running server: everything, made by hand and in order. Closing it stops it cleanly.
public final class Freehold implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Freehold.class.getName());

    /// How long what functions log waits at most to be written.
    private static final Duration FLUSH_LOGS = Duration.ofMillis(200);

    private final Store store;
    private final FileBlobs blobs;
    private final LogsService logs;
    private final Engine engine;
    private final Dispatcher dispatcher;
    private final Listener listener;
    private final MessageServices messages;
    private final DataServices data;
    private final FunctionServices functions;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("timer").factory());

    /// Starts a server.
    ///
    /// @throws IOException when its folder or its address can't be had; the message says what to do
    public Freehold(Config given) throws IOException {
        Config config = given.port() == 0 ? withFreePort(given) : given;
        InstantSource clock = InstantSource.system();
        store = new RocksStore(config.data().resolve("store"));
        blobs = new FileBlobs(config.data().resolve("blobs"), Ids::uuid);
        Foundation base = Foundation.of(config, clock, store, blobs, threads);
        Layout layout = Layout.create(config.data(), config.runtimes());
        Runtimes runtimes = Runtimes.find(config.runtimes());
        logs = new LogsService(store, clock, base.deliveries());
        Sandbox sandbox = sandbox(layout, config);
        engine = engine(base, sandbox, logs);

        messages = new MessageServices(base);
        AtomicReference<LambdaApi> lambda = new AtomicReference<>(new LambdaApi() {});
        data = new DataServices(base, messages, lambda::get);
        functions =
                new FunctionServices(
                        base,
                        new FunctionServices.Machines(engine, runtimes, layout.code()),
                        logs,
                        messages,
                        data);
        lambda.set(functions.lambda());

        Targets targets = new Targets(messages.sqs(), messages.sns(), functions.lambda());
        dispatcher = new Dispatcher(store, clock, threads, handlers(targets), targets);
        base.deliveries().use(dispatcher);
        listener =
                new Listener(
                        new InetSocketAddress(config.bind(), config.port()),
                        layout.endpoint(),
                        gateway(base, sandbox.features()),
                        Ids::uuid);
        start(runtimes, clock);
    }

    private static Sandbox sandbox(Layout layout, Config config) {
        Sandbox sandbox = new Sandbox(layout, config.isolated(), config.port());
        sandbox.selfTest();
        sandbox.notices().forEach(notice -> LOG.log(System.Logger.Level.WARNING, notice));
        String enforced =
                Arrays.stream(Feature.values())
                        .map(one ->
                                one.text() + (sandbox.features().contains(one) ? ": yes" : ": no"))
                        .collect(Collectors.joining(", "));
        LOG.log(System.Logger.Level.INFO, "By a cgroup of each environment: " + enforced);
        return sandbox;
    }

    private static Engine engine(Foundation base, Sandbox sandbox, LogsService logs) {
        return new Engine(
                sandbox,
                base.clock(),
                Ids::letters,
                new LambdaLogs(logs, base.clock()),
                report -> base.prices().cost(usage(report)),
                base.config().pool());
    }

    private Map<String, DeliveryHandler> handlers(Targets targets) {
        Map<String, DeliveryHandler> handlers = new HashMap<>();
        handlers.put("target", targets);
        handlers.putAll(functions.handlers(messages, data));
        handlers.putAll(messages.handlers(functions.lambda()));
        return handlers;
    }

    private Gateway gateway(Foundation base, Set<Feature> cgroup) {
        List<Endpoint> endpoints = new ArrayList<>(data.endpoints());
        endpoints.addAll(functions.endpoints());
        endpoints.addAll(messages.endpoints());
        List<String> implemented =
                endpoints.stream().map(one -> one.service().model().id()).toList();
        // Their operations answer, by name, that they are not implemented.
        Permissions open = (operation, input, caller) -> List.of();
        endpoints.add(new Endpoint(new EventsDispatch(new EventsApi() {}), open));
        endpoints.add(new Endpoint(new StatesDispatch(new StatesApi() {}), open));
        OwnPages pages =
                new OwnPages(
                        functions.parts(),
                        functions.parts().budgets(base.authorizer()),
                        messages.signer(),
                        implemented,
                        cgroup);
        return new Gateway(
                endpoints,
                new Hosts(base.config().hostNames()),
                new Authentication(base.credentials(), base.clock(), base.config().development()),
                base.authorizer(),
                base.prices()::cost,
                new Gateway.Fronts(
                        functions.apis()::answer,
                        functions.parts().urls(base.authorizer())::answer,
                        data.websites()::answer,
                        pages::answer));
    }

    /// Functions are told the port before the listener has it.
    private static Config withFreePort(Config given) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(given.bind(), 0));
            return given.withPort(socket.getLocalPort());
        }
    }

    private static Usage usage(Engine.Report report) {
        Usage usage = new Usage();
        usage.add("lambda.requests", 1);
        usage.add(
                "lambda.gb-seconds",
                report.timings().billedMillis() / 1000.0 * report.spec().memory() / 1024.0);
        return usage;
    }

    private void start(Runtimes runtimes, InstantSource clock) {
        Thread.ofPlatform().daemon().name("dispatcher").start(this::dispatch);
        // Others begin with their first function.
        for (Interpreter.Language language :
                List.of(Interpreter.Language.NODEJS, Interpreter.Language.PYTHON)) {
            runtimes.all().stream()
                    .filter(runtime -> runtime.language() == language)
                    .findFirst()
                    .ifPresent(engine::warm);
        }
        every(FLUSH_LOGS, logs::flush);
        every(Duration.ofMillis(250), data::fillIndexes);
        every(Duration.ofSeconds(1), () -> functions.parts().tick(threads));
        every(Duration.ofSeconds(5), () -> data.expireItems(clock.instant()));
        every(Duration.ofSeconds(30), engine::reap);
        Duration pause = Duration.ofSeconds(Math.min(60, Config.grace().toSeconds()));
        every(pause, () -> threads.execute(() -> quietly(() -> sweep(clock))));
        Supplier<Predicate<String>> naming =
                () -> {
                    Predicate<String> functionsOwn = functions.parts().naming();
                    return blob -> named(functionsOwn, blob);
                };
        removeOrphans(new OrphanBlobs(blobs, naming), clock.instant(), pause);
    }

    private void sweep(InstantSource clock) {
        Instant now = clock.instant();
        Instant garbage = now.plus(Packages.GRACE).minus(Config.grace());
        data.sweepObjects(now, garbage);
        functions.sweep(now, garbage);
    }

    /// What a crash left can only be of before this start; so there is an end to looking.
    private void removeOrphans(OrphanBlobs orphans, Instant before, Duration pause) {
        after(
                pause,
                () -> {
                    if (orphans.look(before) > 0) {
                        removeOrphans(orphans, before, Config.grace());
                    }
                });
    }

    private boolean named(Predicate<String> functionsOwn, String blob) {
        return data.names(blob) || functionsOwn.test(blob);
    }

    private void every(Duration time, Runnable work) {
        long millis = time.toMillis();
        timer.scheduleWithFixedDelay(() -> quietly(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    /// Work that may fail for reasons of the disk.
    @FunctionalInterface
    private interface DiskWork {
        void run() throws IOException;
    }

    private void after(Duration time, DiskWork work) {
        Runnable run =
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        timer.schedule(
                () -> threads.execute(() -> quietly(run)), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Work in the background failed", e);
        }
    }

    private void dispatch() {
        try {
            dispatcher.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The port that it listens on.
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
        timer.shutdownNow();
        functions.parts().sources().close();
        dispatcher.close();
        engine.close();
        logs.flush();
        functions.parts().close();
        threads.shutdown();
        store.close();
    }
}
