package dev.freehold.server;

import dev.freehold.api.apigatewayv2.Apigatewayv2Dispatch;
import dev.freehold.api.dynamodb.DynamodbDispatch;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsDispatch;
import dev.freehold.api.events.EventsApi;
import dev.freehold.api.events.EventsDispatch;
import dev.freehold.api.iam.IamDispatch;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.LambdaClient;
import dev.freehold.api.lambda.LambdaDispatch;
import dev.freehold.api.logs.LogsDispatch;
import dev.freehold.api.s3.S3Client;
import dev.freehold.api.s3.S3Dispatch;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sns.SnsClient;
import dev.freehold.api.sns.SnsDispatch;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.api.sqs.SqsClient;
import dev.freehold.api.sqs.SqsDispatch;
import dev.freehold.api.states.StatesApi;
import dev.freehold.api.states.StatesDispatch;
import dev.freehold.api.sts.StsDispatch;
import dev.freehold.http.Authentication;
import dev.freehold.http.Endpoint;
import dev.freehold.http.Gateway;
import dev.freehold.http.Hosts;
import dev.freehold.http.Listener;
import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Layout;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.Sandbox;
import dev.freehold.services.access.AuthorizedService;
import dev.freehold.services.apigateway.ApiGatewayPermissions;
import dev.freehold.services.apigateway.ApiGatewayService;
import dev.freehold.services.apigateway.HttpApis;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.services.deliveries.Targets;
import dev.freehold.services.dynamodb.DynamodbPermissions;
import dev.freehold.services.dynamodb.DynamodbService;
import dev.freehold.services.dynamodb.ModelChecks;
import dev.freehold.services.dynamodb.StreamsPermissions;
import dev.freehold.services.dynamodb.stream.StreamsService;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.IamPermissions;
import dev.freehold.services.iam.IamService;
import dev.freehold.services.iam.PolicyAuthorizer;
import dev.freehold.services.lambda.Lambda;
import dev.freehold.services.lambda.LambdaPermissions;
import dev.freehold.services.lambda.code.CodeLinks;
import dev.freehold.services.lambda.run.LambdaLogs;
import dev.freehold.services.logs.LogsPermissions;
import dev.freehold.services.logs.LogsService;
import dev.freehold.services.pricing.PriceBook;
import dev.freehold.services.s3.MeteredS3;
import dev.freehold.services.s3.S3Permissions;
import dev.freehold.services.s3.S3Service;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.browser.S3Browsers;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.content.ServerKey;
import dev.freehold.services.s3.lifecycle.Sweep;
import dev.freehold.services.s3.notify.DestinationCheck;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.website.Websites;
import dev.freehold.services.sns.Signer;
import dev.freehold.services.sns.SnsDeliveries;
import dev.freehold.services.sns.SnsPermissions;
import dev.freehold.services.sns.SnsService;
import dev.freehold.services.sqs.SqsPermissions;
import dev.freehold.services.sqs.SqsService;
import dev.freehold.services.sts.StsPermissions;
import dev.freehold.services.sts.StsService;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.FileBlobs;
import dev.freehold.storage.Store;
import dev.freehold.storage.rocksdb.RocksStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A running server: everything, made by hand and in order. Closing it stops it cleanly.
public final class Freehold implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Freehold.class.getName());

    private final Config config;
    private final Store store;
    private final Engine engine;
    private final Dispatcher dispatcher;
    private final Listener listener;
    private final Lambda lambda;
    private final Signer signer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("timer").factory());

    /// Starts a server.
    ///
    /// @throws IOException when its folder or its address can't be had; the message says what to do
    public Freehold(Config given) throws IOException {
        this.config = given.port() == 0 ? withFreePort(given) : given;
        InstantSource clock = InstantSource.system();
        store = new RocksStore(config.data().resolve("store"));
        Blobs blobs = new FileBlobs(config.data().resolve("blobs"), Ids::uuid);
        Layout layout = Layout.create(config.data(), config.runtimes());
        Sandbox sandbox = new Sandbox(layout, config.isolated(), config.port());
        sandbox.selfTest();
        sandbox.notices().forEach(notice -> LOG.log(System.Logger.Level.WARNING, notice));
        Runtimes runtimes = Runtimes.find(config.runtimes());

        PriceBook prices = PriceBook.current();
        Credentials credentials = new Credentials(store, clock, Ids::letters);
        Authorizer authorizer = new PolicyAuthorizer(store);
        LateDeliveries deliveries = new LateDeliveries();
        LogsService logs = new LogsService(store, clock, deliveries);
        engine =
                new Engine(
                        sandbox,
                        clock,
                        Ids::letters,
                        new LambdaLogs(logs, clock, threads),
                        report -> prices.cost(usage(report)),
                        config.pool());

        ObjectBytes bytes =
                new ObjectBytes(
                        store,
                        blobs,
                        Ids::letters,
                        new ServerKey(
                                KeyFile.bytes(config.data().resolve("keys/s3"), ServerKey.LENGTH)));
        String endpoint = "http://127.0.0.1:" + config.port();
        SqsService sqs =
                new SqsService(
                        store, deliveries, clock, Ids::uuid, "http://localhost:" + config.port());
        SnsApi sns = new SnsService(store, deliveries, clock, Ids::uuid);
        signer = new Signer(store, clock);
        DynamodbService dynamodb = new DynamodbService(store, clock, Ids::uuid);

        Permissions open = (operation, input, caller) -> List.of();
        Permissions sqsPermissions = new SqsPermissions(store);
        Service sqsService = new SqsDispatch(sqs);
        Service snsService = new SnsDispatch(sns);
        SqsApi sqsInside =
                new SqsClient(new AuthorizedService(sqsService, sqsPermissions, authorizer));
        Permissions snsPermissions = new SnsPermissions(store);
        SnsApi snsInside =
                new SnsClient(new AuthorizedService(snsService, snsPermissions, authorizer));
        AtomicReference<LambdaApi> functions = new AtomicReference<>(new LambdaApi() {});
        S3Service s3 =
                new S3Service(
                        new Context(store, bytes, deliveries, clock, Ids::letters),
                        new DestinationCheck(sqsInside, snsInside, functions::get));
        Service s3Service = new MeteredS3(new S3Dispatch(s3));
        Permissions s3Permissions = new S3Permissions(store);
        Browsers browsers = new S3Browsers(store, clock);
        S3Client s3Inside =
                new S3Client(new AuthorizedService(s3Service, s3Permissions, authorizer));
        Websites sites = new Websites(store, s3Inside, browsers);
        lambda =
                new Lambda(
                        new Lambda.Parts(
                                store,
                                blobs,
                                deliveries,
                                clock,
                                Ids::uuid,
                                Ids::chance,
                                runtimes,
                                engine,
                                layout.code(),
                                credentials,
                                endpoint,
                                "http://{id}.lambda-url.{region}.localhost:" + config.port() + "/"),
                        s3Inside,
                        sqsInside);
        Service lambdaService = new LambdaDispatch(lambda.service());
        Permissions lambdaPermissions = new LambdaPermissions(store);
        LambdaClient lambdaInside =
                new LambdaClient(
                        new AuthorizedService(lambdaService, lambdaPermissions, authorizer));
        functions.set(lambdaInside);
        String apiUrl = "http://{api}.execute-api.{region}.localhost:" + config.port();
        ApiGatewayService apis = new ApiGatewayService(store, clock, Ids::letters, apiUrl);
        HttpApis front =
                new HttpApis(
                        store,
                        clock,
                        new HttpApis.Needs(
                                lambdaInside,
                                credentials,
                                authorizer,
                                config.development(),
                                logs::appendLine,
                                prices::cost,
                                threads));

        Targets targets = new Targets(sqsInside, snsInside, lambdaInside);
        Map<String, DeliveryHandler> handlers =
                new HashMap<>(lambda.handlers(sqsInside, snsInside, s3Inside, lambdaInside));
        handlers.put("target", targets);
        handlers.putAll(sqs.handlers());
        handlers.putAll(
                new SnsDeliveries(
                                store,
                                deliveries,
                                signer,
                                sqsInside,
                                lambdaInside,
                                "http://localhost:" + config.port())
                        .handlers());
        Garbage garbage = new Garbage(store, blobs);
        Sweep lifecycle = new Sweep(store, new Notifications(deliveries), Ids::letters);
        timer.scheduleWithFixedDelay(
                () ->
                        threads.execute(() ->
                                quietly(() -> {
                                    lifecycle.sweep(clock.instant());
                                    garbage.sweep(clock.instant());
                                    lambda.sweep(clock.instant());
                                    credentials.sweep(clock.instant());
                                    logs.sweep(clock.instant());
                                })),
                60,
                60,
                TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(
                () -> quietly(dynamodb::fill), 250, 250, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(
                () -> quietly(() -> dynamodb.sweep(clock.instant())), 5, 5, TimeUnit.SECONDS);
        dispatcher = new Dispatcher(store, clock, threads, handlers, targets);
        deliveries.use(dispatcher);

        List<Endpoint> endpoints =
                List.of(
                        new Endpoint(s3Service, s3Permissions, browsers),
                        new Endpoint(lambdaService, lambdaPermissions),
                        new Endpoint(new Apigatewayv2Dispatch(apis), new ApiGatewayPermissions()),
                        new Endpoint(
                                new IamDispatch(new IamService(store, clock, Ids::letters)),
                                new IamPermissions()),
                        new Endpoint(
                                new StsDispatch(new StsService(credentials)),
                                new StsPermissions(credentials)),
                        new Endpoint(new LogsDispatch(logs), new LogsPermissions()),
                        new Endpoint(sqsService, sqsPermissions),
                        new Endpoint(snsService, open),
                        new Endpoint(snsService, snsPermissions),
                        new Endpoint(
                                new ModelChecks(new DynamodbDispatch(dynamodb)),
                                new DynamodbPermissions(store)),
                        new Endpoint(
                                new ModelChecks(
                                        new DynamodbstreamsDispatch(
                                                new StreamsService(store, clock))),
                                new StreamsPermissions()),
                        new Endpoint(new EventsDispatch(new EventsApi() {}), open),
                        new Endpoint(new StatesDispatch(new StatesApi() {}), open));
        Gateway gateway =
                new Gateway(
                        endpoints,
                        new Hosts(config.hostNames()),
                        new Authentication(credentials, clock, config.development()),
                        authorizer,
                        prices::cost,
                        new Gateway.Fronts(
                                front::answer,
                                (id, request) -> notFound(),
                                sites::answer,
                                this::internal));
        listener =
                new Listener(
                        new InetSocketAddress(config.bind(), config.port()),
                        layout.endpoint(),
                        gateway,
                        Ids::uuid);
        start(runtimes);
    }

    /// Functions are told the port before the listener has it.
    private static Config withFreePort(Config given) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(given.bind(), 0));
            return new Config(
                    socket.getLocalPort(),
                    given.bind(),
                    given.data(),
                    given.runtimes(),
                    given.development(),
                    given.hostNames(),
                    given.isolated(),
                    given.pool());
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

    private void start(Runtimes runtimes) {
        Thread.ofPlatform().daemon().name("dispatcher").start(this::dispatch);
        // Others begin with their first function.
        for (Interpreter.Language language :
                List.of(Interpreter.Language.NODEJS, Interpreter.Language.PYTHON)) {
            runtimes.all().stream()
                    .filter(runtime -> runtime.language() == language)
                    .findFirst()
                    .ifPresent(engine::warm);
        }
        timer.scheduleWithFixedDelay(
                () -> quietly(() -> lambda.sources().refresh(threads)),
                200,
                1000,
                TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(() -> quietly(engine::reap), 30, 30, TimeUnit.SECONDS);
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

    private static Response notFound() {
        return json(404, "{\"message\":\"Not Found\"}");
    }

    private static Response json(int status, String text) {
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        return new Response(status, headers, ByteStream.of(Blob.ofUtf8(text)));
    }

    private @Nullable Response internal(Request request) {
        String certificate = signer.certificate(request.rawPath());
        if (certificate != null) {
            Headers headers =
                    Headers.builder().set("content-type", "application/x-pem-file").build();
            return new Response(200, headers, ByteStream.of(Blob.ofUtf8(certificate)));
        }
        return switch (request.rawPath()) {
            case "/_freehold/health" -> json(200, "{\"status\":\"ok\"}");
            case "/_localstack/health" ->
                    json(
                            200,
                            "{\"services\":{\"apigateway\":\"running\",\"dynamodb\":\"running\","
                                    + "\"iam\":\"running\",\"lambda\":\"running\",\"logs\":\"running\","
                                    + "\"s3\":\"running\",\"sns\":\"running\",\"sqs\":\"running\","
                                    + "\"sts\":\"running\"},\"edition\":\"freehold\",\"version\":\"0.1.0\"}");
            case CodeLinks.PATH -> lambda.code(request);
            default -> null;
        };
    }

    @Override
    public void close() {
        listener.close();
        timer.shutdownNow();
        lambda.sources().close();
        dispatcher.close();
        engine.close();
        threads.shutdown();
        store.close();
    }

    /// Deliveries before there is a dispatcher: services are made first, and the dispatcher needs
    /// them.
    private static final class LateDeliveries
            implements dev.freehold.services.deliveries.Deliveries {
        private volatile @Nullable Dispatcher dispatcher;

        void use(Dispatcher made) {
            dispatcher = made;
        }

        private Dispatcher made() {
            return java.util.Objects.requireNonNull(dispatcher);
        }

        @Override
        public void enqueue(
                dev.freehold.storage.Transaction tx, Delivery delivery, java.time.Instant due) {
            made().enqueue(tx, delivery, due);
        }

        @Override
        public void wake() {
            made().wake();
        }
    }
}
