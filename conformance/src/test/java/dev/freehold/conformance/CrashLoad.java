package dev.freehold.conformance;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Writers that write until the server is gone, and remember what was acknowledged.
final class CrashLoad {
    final Set<String> items = new ConcurrentSkipListSet<>();
    final Map<String, String> objects = new ConcurrentHashMap<>();
    final Set<String> messages = new ConcurrentSkipListSet<>();
    final Set<String> invocations = new ConcurrentSkipListSet<>();

    private final JavaClients clients;
    private final String queueUrl;
    private final String round;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean over;

    CrashLoad(JavaClients clients, String queueUrl, String round) {
        this.clients = clients;
        this.queueUrl = queueUrl;
        this.round = round;
    }

    /// One write; it returns when the server has acknowledged it.
    @FunctionalInterface
    private interface Write {
        void write(int number);
    }

    /// Writes until `kill`, which is called a while after the first acknowledgements.
    void run(Random random, Runnable kill) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                DynamoDbClient dynamodb = clients.dynamodb();
                S3Client s3 = clients.s3();
                SqsClient sqs = clients.sqs();
                LambdaClient lambda = clients.lambda()) {
            for (int i = 0; i < 3; i++) {
                String name = round + "-" + i + "-";
                threads.execute(() -> repeat(n -> put(dynamodb, name + n)));
            }
            long seed = random.nextLong();
            threads.execute(() -> repeat(n -> store(s3, new Random(seed + n), round + "-a-" + n)));
            threads.execute(() -> repeat(n -> store(s3, new Random(seed - n), round + "-b-" + n)));
            threads.execute(() -> repeat(n -> send(sqs, round + "-" + n)));
            threads.execute(() -> repeat(n -> invoke(lambda, round + "-" + n)));
            waitForLoad();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 1500));
            kill.run();
            over = true;
        }
    }

    private void waitForLoad() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (acknowledged.get() < 20) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the server acknowledges nothing");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private void repeat(Write write) {
        for (int n = 0; !over; n++) {
            try {
                write.write(n);
                acknowledged.incrementAndGet();
            } catch (SdkException | java.io.UncheckedIOException e) {
                // Not acknowledged: nothing is promised. The server is gone, or soon.
                if (!over) {
                    Thread.yield();
                }
            }
        }
    }

    private void put(DynamoDbClient dynamodb, String id) {
        dynamodb.putItem(put ->
                put.tableName("crash")
                        .item(
                                Map.of(
                                        "pk", AttributeValue.fromS(id),
                                        "group", AttributeValue.fromS("g"),
                                        "data", AttributeValue.fromS("data of " + id))));
        items.add(id);
    }

    private void store(S3Client s3, Random random, String key) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        random.nextBytes(bytes);
        String etag =
                s3.putObject(put -> put.bucket("crash").key(key), RequestBody.fromBytes(bytes))
                        .eTag();
        objects.put(key, etag);
    }

    private void send(SqsClient sqs, String body) {
        sqs.sendMessage(send -> send.queueUrl(queueUrl).messageBody(body));
        messages.add(body);
    }

    private void invoke(LambdaClient lambda, String id) {
        byte[] event = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        lambda.invoke(invoke ->
                invoke.functionName("crash")
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromByteArray(event)));
        invocations.add(id);
    }
}
