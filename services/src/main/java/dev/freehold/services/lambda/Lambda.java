package dev.freehold.services.lambda;

import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.s3.S3Api;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.image.Images;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.budgets.AccountBudgets;
import dev.freehold.services.lambda.budgets.BudgetPage;
import dev.freehold.services.lambda.budgets.Budgets;
import dev.freehold.services.lambda.code.CodeLinks;
import dev.freehold.services.lambda.code.ContainerImages;
import dev.freehold.services.lambda.code.LiveFolders;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.code.Secret;
import dev.freehold.services.lambda.code.Trees;
import dev.freehold.services.lambda.durable.Durables;
import dev.freehold.services.lambda.durable.Ends;
import dev.freehold.services.lambda.durable.Retention;
import dev.freehold.services.lambda.durable.WorkHandler;
import dev.freehold.services.lambda.durable.ops.DurableService;
import dev.freehold.services.lambda.events.AsyncEvents;
import dev.freehold.services.lambda.events.Destinations;
import dev.freehold.services.lambda.events.RecordSender;
import dev.freehold.services.lambda.ops.Account;
import dev.freehold.services.lambda.ops.Aliases;
import dev.freehold.services.lambda.ops.Code;
import dev.freehold.services.lambda.ops.CodeSigning;
import dev.freehold.services.lambda.ops.Context;
import dev.freehold.services.lambda.ops.EventConfigs;
import dev.freehold.services.lambda.ops.FunctionOptions;
import dev.freehold.services.lambda.ops.Functions;
import dev.freehold.services.lambda.ops.Invocations;
import dev.freehold.services.lambda.ops.LayerPolicies;
import dev.freehold.services.lambda.ops.Layers;
import dev.freehold.services.lambda.ops.Policies;
import dev.freehold.services.lambda.ops.ProvisionedConcurrency;
import dev.freehold.services.lambda.ops.ReservedConcurrency;
import dev.freehold.services.lambda.ops.Roles;
import dev.freehold.services.lambda.ops.Tags;
import dev.freehold.services.lambda.ops.UrlConfigs;
import dev.freehold.services.lambda.ops.Versions;
import dev.freehold.services.lambda.rules.FileSystems;
import dev.freehold.services.lambda.rules.Settings;
import dev.freehold.services.lambda.run.Gate;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.run.Preparations;
import dev.freehold.services.lambda.run.Provisioner;
import dev.freehold.services.lambda.run.RoleCallers;
import dev.freehold.services.lambda.sources.EventSources;
import dev.freehold.services.lambda.sources.Mappings;
import dev.freehold.services.lambda.sources.QueueChecks;
import dev.freehold.services.lambda.urls.UrlFront;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Puts the parts of Lambda together.
public final class Lambda {
    /// The most bytes of unpacked code that this machine keeps.
    private static final long MAX_TREES = 16L * 1024 * 1024 * 1024;

    private final Parts parts;
    private final LambdaService service;
    private final EventSources sources;
    private final AsyncEvents events;
    private final Packages packages;
    private final ContainerImages images;
    private final CodeLinks links;
    private final Invoker invoker;
    private final AccountBudgets accountBudgets;
    private final Budgets budgets;
    private final Provisioner provisioner;
    private final Preparations preparations;
    private final Durables.Parts durableParts;
    private final Destinations destinations;

    /// What Lambda is made of.
    ///
    /// @param code the code store
    /// @param folders which folders functions may be run from instead
    /// @param development whether functions may be debugged
    /// @param images finds container images
    /// @param fileSystems what functions may mount
    /// @param endpoint where functions reach this server
    /// @param urls the template of function URLs, with `{id}` and `{region}`
    /// @param ids makes UUIDs
    /// @param prices the price of a usage in US dollars
    /// @param chance a number from 0 to 1, by chance
    public record Parts(
            Store store,
            Blobs blobs,
            Deliveries deliveries,
            InstantSource clock,
            Supplier<String> ids,
            DoubleSupplier chance,
            Runtimes runtimes,
            Engine engine,
            Path code,
            LiveFolders folders,
            boolean development,
            Images images,
            FileSystems fileSystems,
            Credentials credentials,
            String endpoint,
            String urls,
            ToDoubleFunction<Usage> prices) {}

    /// @param s3 as it is seen from outside: authorised
    /// @param sqs the same
    /// @throws IOException when the code store can't be had
    public Lambda(Parts parts, S3Api s3, SqsApi sqs) throws IOException {
        this.parts = parts;
        Supplier<String> secrets = () -> parts.ids.get() + "-" + parts.ids.get();
        Secret secret = Secret.in(parts.code.resolveSibling("code.secret"), secrets);
        Trees trees = new Trees(parts.code, secret, secrets, MAX_TREES, parts.engine::retire);
        packages =
                new Packages(
                        parts.store,
                        parts.clock,
                        trees,
                        new Packages.Sources(parts.blobs, s3, parts.folders));
        images = new ContainerImages(parts.images, packages, trees);
        Gate gate = new Gate(parts.store, parts.clock);
        accountBudgets = new AccountBudgets(parts.store);
        budgets = new Budgets(parts.store, parts.clock, parts.prices, accountBudgets);
        durableParts =
                new Durables.Parts(
                        parts.store, parts.deliveries, parts.clock, parts.ids, new Ends());
        Durables durables = new Durables(durableParts);
        invoker =
                new Invoker(
                        parts.engine,
                        new Invoker.Parts(
                                parts.store,
                                parts.runtimes,
                                packages,
                                images,
                                parts.fileSystems,
                                parts.credentials,
                                gate,
                                budgets,
                                parts.clock,
                                parts.endpoint,
                                parts.chance,
                                parts.ids,
                                parts.development,
                                durables));
        destinations = new Destinations(parts.store, parts.deliveries, parts.clock, parts.ids);
        events = new AsyncEvents(parts.store, parts.deliveries, parts.clock, invoker, destinations);
        links = new CodeLinks(parts.store, packages, parts.clock, secret, parts.endpoint);
        preparations = new Preparations(parts.store, invoker, packages, parts.clock);
        Context context =
                new Context(
                        parts.store,
                        parts.clock,
                        parts.ids,
                        new Settings(parts.runtimes, parts.fileSystems),
                        packages,
                        invoker,
                        gate,
                        preparations,
                        parts.development);
        service = service(context, sqs, durables);
        provisioner = new Provisioner(parts.store, invoker, gate);
        sources =
                new EventSources(
                        new EventSources.Parts(
                                parts.store,
                                sqs,
                                new RoleCallers(parts.credentials),
                                invoker,
                                parts.clock,
                                parts.ids));
    }

    private LambdaService service(Context context, SqsApi sqs, Durables durables) {
        CodeSigning signing = new CodeSigning(context);
        Roles roles = new Roles(parts.credentials);
        return new LambdaService(
                new Functions(context, roles, signing, new Code(packages, images, links)),
                new Invocations(context.invoker(), events, durables),
                new Versions(context),
                new Aliases(context),
                new Policies(context),
                new Tags(context),
                new ReservedConcurrency(context),
                new ProvisionedConcurrency(context),
                new EventConfigs(context),
                new UrlConfigs(context, parts.urls),
                new Layers(context, links),
                new LayerPolicies(context),
                signing,
                new FunctionOptions(context),
                new Account(context),
                new Mappings(
                        parts.store,
                        parts.clock,
                        parts.ids,
                        new QueueChecks(sqs, new RoleCallers(parts.credentials))),
                new DurableService(durableParts));
    }

    /// The front.
    public LambdaApi service() {
        return service;
    }

    /// Feeds functions from their queues.
    public EventSources sources() {
        return sources;
    }

    /// The handlers of Lambda's deliveries, by kind. All services as they are seen from outside:
    /// authorised.
    public Map<String, DeliveryHandler> handlers(
            SqsApi sqs, SnsApi sns, S3Api s3, LambdaApi lambda) {
        return Map.of(
                AsyncEvents.KIND,
                events,
                Destinations.KIND,
                new RecordSender(
                        new RecordSender.Targets(sqs, sns, s3, lambda),
                        new RoleCallers(parts.credentials),
                        parts.clock),
                WorkHandler.KIND,
                new WorkHandler(
                        durableParts,
                        invoker::invokeOnce,
                        lambda,
                        new RoleCallers(parts.credentials),
                        destinations));
    }

    /// Answers requests to [CodeLinks#PATH].
    public Response code(Request request) {
        return links.answer(request);
    }

    /// Answers requests to [Traces#PATH].
    public Response trace(Request request) {
        return invoker.traces().answer(request);
    }

    /// Answers requests to function URLs.
    public UrlFront urls(Authorizer authorizer) {
        return new UrlFront(parts.store, invoker, parts.clock, authorizer, parts.prices);
    }

    /// Answers requests to [BudgetPage#PATH].
    public BudgetPage budgets(Authorizer authorizer) {
        return new BudgetPage(parts.store, budgets, accountBudgets, authorizer);
    }

    /// What is to be done every second: pollers, provisioned environments, preparations that a
    /// crash has left, budgets.
    ///
    /// @param executor runs each poller on a thread of its own
    public void tick(Executor executor) {
        sources.refresh(executor);
        provisioner.refresh();
        preparations.resume();
        budgets.flush();
    }

    /// Tells which blobs are Lambda's, now.
    public Predicate<String> naming() {
        return packages.naming();
    }

    /// Writes what is only in memory. Nothing runs any more.
    public void close() {
        budgets.flush();
    }

    /// Removes what nothing refers to any more. The server calls it now and then.
    public void sweep(Instant now) {
        packages.sweep(now);
        new Retention(parts.store).sweep(now);
    }
}
