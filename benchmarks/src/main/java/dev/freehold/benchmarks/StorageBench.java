package dev.freehold.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// DynamoDB and SQS, every write synced before it is acknowledged, beside RocksDB written to by as
/// many threads that sync for themselves.
final class StorageBench {
    private static final Duration TIME = Duration.ofSeconds(6);
    private static final int ITEM_BYTES = 400;
    private static final int THREADS = 32;
    private static final Pattern HANDLE = Pattern.compile("\"ReceiptHandle\":\"([^\"]+)\"");

    private StorageBench() {}

    static void tables() throws Exception {
        Print.title("DynamoDB, an item of " + ITEM_BYTES + " bytes, " + THREADS + " at a time");
        Load.Result raw = raw();
        try (Server server = Server.start()) {
            try (Aws dynamodb = new Aws(server, "dynamodb")) {
                dynamodb.json(
                        "DynamoDB_20120810.CreateTable",
                        "{\"TableName\":\"bench\",\"BillingMode\":\"PAY_PER_REQUEST\",\"KeySchema\":"
                                + "[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"n\",\"KeyType\":\"RANGE\"}],"
                                + "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"},"
                                + "{\"AttributeName\":\"n\",\"AttributeType\":\"N\"}]}");
            }
            String filler = "x".repeat(ITEM_BYTES - 40);
            Load.Result puts =
                    calls(
                            server,
                            "PutItem",
                            (thread, i) ->
                                    "\"Item\":{\"id\":{\"S\":\"%d\"},\"n\":{\"N\":\"%d\"},\"v\":{\"S\":\"%s\"}}"
                                            .formatted(thread, i, filler));
            Load.Result gets =
                    calls(
                            server,
                            "GetItem",
                            (thread, i) ->
                                    "\"Key\":{\"id\":{\"S\":\"%d\"},\"n\":{\"N\":\"%d\"}}"
                                            .formatted(thread, i % 1000));
            Load.Result queries =
                    calls(
                            server,
                            "Query",
                            (thread, i) ->
                                    "\"KeyConditionExpression\":\"id = :i AND n >= :n\",\"Limit\":10,\"ExpressionAttributeValues\":{\":i\":{\"S\":\"%d\"},\":n\":{\"N\":\"%d\"}}"
                                            .formatted(thread, i % 1000));
            Print.row("PutItem (target: >= 8,000/s)", puts);
            Print.row("GetItem", gets);
            Print.row("Query, 10 items", queries);
            Print.row("RocksDB, a sync for each write", raw);
            Print.figure("PutItem to RocksDB", puts.perSecond() / raw.perSecond(), "x", "");
        }
    }

    /// The body of a call but for its table.
    private interface Body {
        String of(int thread, int number);
    }

    private static Load.Result calls(Server server, String operation, Body body) throws Exception {
        return Load.run(
                THREADS,
                TIME,
                thread -> {
                    Aws aws = new Aws(server, "dynamodb");
                    return FunctionsBench.worker(
                            aws,
                            i ->
                                    aws.json(
                                            "DynamoDB_20120810." + operation,
                                            "{\"TableName\":\"bench\","
                                                    + body.of(thread, i)
                                                    + "}"));
                });
    }

    static void queues() throws Exception {
        Print.title("SQS, a message of " + ITEM_BYTES + " bytes, " + THREADS + " at a time");
        Load.Result raw = raw();
        try (Server server = Server.start()) {
            String url = "http://127.0.0.1:" + server.port() + "/000000000000/bench";
            try (Aws sqs = new Aws(server, "sqs")) {
                sqs.json("AmazonSQS.CreateQueue", "{\"QueueName\":\"bench\"}");
            }
            String send =
                    "{\"QueueUrl\":\"%s\",\"MessageBody\":\"%s\"}"
                            .formatted(url, "x".repeat(ITEM_BYTES));
            Load.Result sends =
                    Load.run(
                            THREADS,
                            TIME,
                            _ -> {
                                Aws sqs = new Aws(server, "sqs");
                                return FunctionsBench.worker(
                                        sqs, _ -> sqs.json("AmazonSQS.SendMessage", send));
                            });
            Load.Result receives =
                    Load.run(
                            THREADS,
                            TIME,
                            _ -> {
                                Aws sqs = new Aws(server, "sqs");
                                return FunctionsBench.worker(sqs, _ -> receive(sqs, url));
                            });
            Print.row("SendMessage", sends);
            Print.row("ReceiveMessage and DeleteMessage", receives);
            Print.row("RocksDB, a sync for each write", raw);
            Print.figure("SendMessage to RocksDB", sends.perSecond() / raw.perSecond(), "x", "");
        }
    }

    private static void receive(Aws sqs, String url) throws Exception {
        String got = sqs.json("AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"" + url + "\"}").text();
        Matcher handle = HANDLE.matcher(got);
        if (handle.find()) {
            sqs.json(
                    "AmazonSQS.DeleteMessage",
                    "{\"QueueUrl\":\"%s\",\"ReceiptHandle\":\"%s\"}"
                            .formatted(url, handle.group(1)));
        }
    }

    private static Load.Result raw() throws Exception {
        Path folder = Files.createTempDirectory("freehold-raw");
        RocksDB.loadLibrary();
        byte[] value = new byte[ITEM_BYTES];
        AtomicLong keys = new AtomicLong();
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, folder.toString());
                WriteOptions synced = new WriteOptions().setSync(true)) {
            return Load.run(
                    THREADS,
                    TIME.dividedBy(2),
                    _ ->
                            _ -> {
                                byte[] key =
                                        ByteBuffer.allocate(8)
                                                .putLong(keys.incrementAndGet())
                                                .array();
                                try (WriteBatch batch = new WriteBatch()) {
                                    batch.put(key, value);
                                    db.write(synced, batch);
                                }
                            });
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
