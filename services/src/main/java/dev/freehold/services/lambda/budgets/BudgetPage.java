package dev.freehold.services.lambda.budgets;

import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.budgets.Budgets.State;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.storage.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Answers `freehold budget`: how the budgets of the caller's account and of its functions in a
/// region stand (`GET`), and what the account's are from now on (`PUT` of their text; blank for
/// none). Requests are signed like AWS's, and allowed by AWS Budgets' actions.
public final class BudgetPage {
    /// Where it is on this server.
    public static final String PATH = "/_freehold/budgets";

    private static final int MAX_TEXT = 1024;

    private final Store store;
    private final Budgets budgets;
    private final AccountBudgets accounts;
    private final Authorizer authorizer;

    public BudgetPage(
            Store store, Budgets budgets, AccountBudgets accounts, Authorizer authorizer) {
        this.store = store;
        this.budgets = budgets;
        this.accounts = accounts;
        this.authorizer = authorizer;
    }

    /// Answers a request.
    ///
    /// @param identify tells who signed it; throws AWS's error when the signature is wrong
    public Response answer(Request request, Function<Request, Caller> identify) {
        try {
            Blob body = Blob.wrap(Bodies.read(request, MAX_TEXT));
            Caller caller = identify.apply(request.withBody(ByteStream.of(body)));
            boolean set = request.method().equals("PUT");
            if (!set && !request.method().equals("GET")) {
                return Response.empty(405, Headers.EMPTY);
            }
            if (!allowed(caller, set ? "budgets:ModifyBudget" : "budgets:ViewBudget")) {
                return json(403, Map.of("message", "Not authorised to use budgets."));
            }
            if (set) {
                accounts.set(caller.account(), body.utf8());
            }
            return json(200, all(caller));
        } catch (ServiceError e) {
            String message = e.getMessage() == null ? e.shape().name() : e.getMessage();
            return json(e.shape().status(), Map.of("message", message));
        }
    }

    private boolean allowed(Caller caller, String action) {
        String budget = caller.arn("budgets", "budget/freehold").toString();
        return !(caller.principal() instanceof Principal.Anonymous)
                && authorizer.decide(caller, List.of(new Permission(action, budget)))
                        instanceof Authorizer.Decision.Allowed;
    }

    private Map<String, Object> all(Caller caller) {
        List<State> states = new ArrayList<>(budgets.ofWhole(caller.account()));
        List<Entry<FunctionId, FunctionRow>> functions =
                store.read(tx ->
                        LambdaTables.list(
                                tx,
                                LambdaTables.FUNCTIONS,
                                LambdaTables.in(caller.account(), caller.region())));
        functions.forEach(entry -> states.addAll(budgets.of(entry.key(), entry.value().tags())));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("account", caller.account());
        all.put("region", caller.region());
        all.put("budgets", states.stream().map(BudgetPage::members).toList());
        return all;
    }

    private static Map<String, Object> members(State state) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("owner", state.owner());
        members.put("budget", state.budget().text());
        members.put("metric", state.budget().metric().text());
        members.put("limit", state.budget().limit());
        members.put("left", state.left());
        members.put("resets", state.resets().toString());
        return members;
    }

    private static Response json(int status, Map<String, ?> members) {
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        String text = Json.write(members);
        return new Response(status, headers, ByteStream.of(Blob.ofUtf8(text)));
    }
}
