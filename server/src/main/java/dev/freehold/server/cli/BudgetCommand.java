package dev.freehold.server.cli;

import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.budgets.Budget;
import dev.freehold.services.lambda.budgets.BudgetPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows how budgets stand, and sets them.
@Command(
        name = "budget",
        description = "Shows what is left of budgets, or sets them.",
        subcommands = {BudgetCommand.Set.class, BudgetCommand.Clear.class})
public final class BudgetCommand implements Callable<Integer> {
    @Mixin ApiOptions api = new ApiOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Map<String, @Nullable Object> answer = page(api, "GET", "");
            if (json) {
                out.println(Json.write(answer));
            } else if (answer.get("budgets") instanceof List<?> budgets) {
                out.printf("%-24s %-28s %-16s %s%n", "OWNER", "BUDGET", "LEFT", "RESETS");
                budgets.forEach(one -> print(out, one));
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private static void print(PrintWriter out, @Nullable Object one) {
        if (one instanceof Map<?, ?> members && members.get("left") instanceof Number left) {
            BigDecimal shown =
                    new BigDecimal(left.doubleValue(), new MathContext(6)).stripTrailingZeros();
            out.printf(
                    Locale.ROOT,
                    "%-24s %-28s %-16s %s%n",
                    members.get("owner"),
                    members.get("budget"),
                    shown.toPlainString(),
                    members.get("resets"));
        }
    }

    private static Map<String, @Nullable Object> page(ApiOptions api, String method, String body)
            throws IOException, InterruptedException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return json(api.call(method, "lambda", BudgetPage.PATH, Map.of(), bytes));
    }

    private static Map<String, @Nullable Object> json(HttpResponse<byte[]> answer)
            throws IOException {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() >= 300) {
            throw new IOException(text);
        }
        return text.isEmpty() ? Map.of() : Json.readObject(text);
    }

    /// The path of a function's tags.
    private static String tags(ApiOptions api, String function)
            throws IOException, InterruptedException {
        String account = String.valueOf(page(api, "GET", "").get("account"));
        String arn = "arn:aws:lambda:" + api.region + ":" + account + ":function:" + function;
        return "/2017-03-31/tags/" + URLEncoder.encode(arn, StandardCharsets.UTF_8);
    }

    /// Sets budgets.
    @Command(name = "set", description = "Sets the account's budgets, or a function's.")
    static final class Set implements Callable<Integer> {
        @Mixin ApiOptions api = new ApiOptions();

        @Parameters(
                paramLabel = "BUDGETS",
                description =
                        "Such as 'usd=5/month requests=1000/day': requests, gb-seconds or usd;"
                                + " hour, day or month. They replace those that were set.")
        String budgets = "";

        @Option(names = "--function", description = "The function's name (default: the account).")
        String function = "";

        @Spec CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            try {
                if (function.isEmpty()) {
                    page(api, "PUT", budgets);
                } else {
                    String body = Json.write(Map.of("Tags", Map.of(Budget.TAG, budgets)));
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    json(api.call("POST", "lambda", tags(api, function), Map.of(), bytes));
                }
                return 0;
            } catch (IOException e) {
                spec.commandLine().getErr().println(e.getMessage());
                return 1;
            }
        }
    }

    /// Removes budgets.
    @Command(name = "clear", description = "Removes the account's budgets, or a function's.")
    static final class Clear implements Callable<Integer> {
        @Mixin ApiOptions api = new ApiOptions();

        @Option(names = "--function", description = "The function's name (default: the account).")
        String function = "";

        @Spec CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            try {
                if (function.isEmpty()) {
                    page(api, "PUT", "");
                } else {
                    String tag = URLEncoder.encode(Budget.TAG, StandardCharsets.UTF_8);
                    String path = tags(api, function) + "?tagKeys=" + tag;
                    json(api.call("DELETE", "lambda", path, Map.of(), new byte[0]));
                }
                return 0;
            } catch (IOException e) {
                spec.commandLine().getErr().println(e.getMessage());
                return 1;
            }
        }
    }
}
