package dev.freehold.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One client of a soak, with functions of its own: does this and that by chance.
final class SoakWorker {
    private static final String FUNCTIONS = "/2015-03-31/functions/";

    /// What a function is told to do, more often first: most calls are in order.
    private static final List<String> WISHES =
            List.of(
                    "", "", "", "", "", "", "raise", "raise", "big", "files", "child", "thread",
                    "exit", "sleep", "memory");

    /// What a worker does at least, however slow the machine.
    private static final int LEAST = 12;

    /// How many call at once in a burst: all but the first need new environments.
    private static final int BURST = 6;

    private final Server server;
    private final List<SoakLanguage> languages;
    private final int number;
    private final Random random;
    private final Map<String, Integer> done = new TreeMap<>();
    private int made;

    SoakWorker(Server server, int number, long seed) throws IOException {
        this.server = server;
        this.languages = SoakLanguage.all();
        this.number = number;
        this.random = new Random(seed);
    }

    /// Works until a time or a little longer, and puts away what it has made.
    ///
    /// @return how often it did what
    Map<String, Integer> run(long end) throws Exception {
        try (Aws lambda = new Aws(server, "lambda");
                Aws sqs = new Aws(server, "sqs");
                Aws sns = new Aws(server, "sns");
                Aws s3 = new Aws(server, "s3")) {
            for (int i = 0; i < languages.size(); i++) {
                create(lambda, own(i), i);
            }
            for (int i = 0; i < LEAST || System.nanoTime() < end; i++) {
                switch (random.nextInt(15)) {
                    case 0, 1, 2, 3, 4, 5 -> call(lambda, own(random.nextInt(languages.size())));
                    case 6 -> redeploy(lambda, random.nextInt(languages.size()));
                    case 7, 8 -> comeAndGo(lambda, random.nextInt(languages.size()));
                    case 9 -> later(lambda);
                    case 10 -> send(sqs);
                    case 11 -> publish(sns);
                    case 12 -> burst(own(random.nextInt(languages.size())));
                    default -> store(s3);
                }
            }
            for (int i = 0; i < languages.size(); i++) {
                lambda.rest("DELETE", FUNCTIONS + own(i), "");
            }
        }
        return done;
    }

    private void did(String what) {
        done.merge(what, 1, Integer::sum);
    }

    private String own(int language) {
        return "own-" + number + "-" + language;
    }

    private void call(Aws lambda, String name) throws IOException {
        String wish = WISHES.get(random.nextInt(WISHES.size()));
        lambda.rest("POST", invocations(name), "{\"wish\":\"" + wish + "\"}");
        did("call" + (wish.isEmpty() ? "" : " " + wish));
    }

    private void create(Aws lambda, String name, int language) throws Exception {
        SoakLanguage of = languages.get(language);
        String zip = of.zip(random.nextLong());
        Deployment.Function function =
                new Deployment.Function(of.runtime(), of.handler(), 128, 2, zip);
        Deployment.create(lambda, name, function);
    }

    /// Calls by many at once.
    private void burst(String name) throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            String wish = WISHES.get(random.nextInt(WISHES.size()));
            calls.add(() -> {
                try (Aws lambda = new Aws(server, "lambda")) {
                    lambda.rest("POST", invocations(name), "{\"wish\":\"" + wish + "\"}");
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        }
        did("burst");
    }

    private static String invocations(String name) {
        return FUNCTIONS + name + "/invocations";
    }

    private void redeploy(Aws lambda, int language) throws Exception {
        lambda.rest(
                "PUT",
                FUNCTIONS + own(language) + "/code",
                "{\"ZipFile\":\"" + languages.get(language).zip(random.nextLong()) + "\"}");
        Deployment.await(lambda, own(language), "\"LastUpdateStatus\":\"Successful\"");
        did("redeploy");
        call(lambda, own(language));
    }

    /// A function with a version and an alias, which lives for a few calls.
    private void comeAndGo(Aws lambda, int language) throws Exception {
        String name = "short-" + number + "-" + made++;
        create(lambda, name, language);
        lambda.rest("POST", FUNCTIONS + name + "/versions", "{}");
        lambda.rest(
                "POST",
                FUNCTIONS + name + "/aliases",
                "{\"Name\":\"live\",\"FunctionVersion\":\"1\"}");
        call(lambda, name);
        call(lambda, name + ":live");
        if (random.nextBoolean()) {
            lambda.rest(
                    "PUT",
                    "/2019-09-30/functions/" + name + "/provisioned-concurrency?Qualifier=live",
                    "{\"ProvisionedConcurrentExecutions\":2}");
            call(lambda, name + ":live");
        }
        lambda.rest("DELETE", FUNCTIONS + name, "");
        did("come and go");
    }

    private void later(Aws lambda) throws IOException {
        lambda.rest(
                "POST",
                FUNCTIONS + SoakSetting.TARGET + "/invocations",
                "x-amz-invocation-type",
                "Event",
                "{}");
        did("asynchronous call");
    }

    private void send(Aws sqs) throws IOException {
        sqs.json(
                "AmazonSQS.SendMessage",
                "{\"QueueUrl\":\"" + SoakSetting.QUEUE + "work\",\"MessageBody\":\"m\"}");
        did("message");
    }

    private void publish(Aws sns) throws IOException {
        sns.query(
                "Action=Publish&Version=2010-03-31&Message=m&TopicArn="
                        + SoakSetting.encoded(SoakSetting.TOPIC));
        did("notification");
    }

    private void store(Aws s3) throws IOException {
        String key = "/" + SoakSetting.BUCKET + "/o-" + number + "-" + made++;
        s3.rest("PUT", key, "x".repeat(1 + random.nextInt(200_000)));
        s3.rest("GET", key, "");
        s3.rest("DELETE", key, "");
        did("object");
    }
}
