package dev.freehold.server.cli;

import dev.freehold.server.Freehold;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Starts a temporary server, sends it one request of each kind, and ends. The build runs it to
/// make the JDK's AOT cache: classes that it loads are loaded and linked ahead at later starts.
@Command(name = "train", hidden = true, description = "Exercises a temporary server.")
public final class Train implements Callable<Integer> {
    private static final String HANDLER = "exports.handler = async (event) => ({ event });";
    private static final String TRUST =
            "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
                    + "\\\"Principal\\\":{\\\"Service\\\":\\\"lambda.amazonaws.com\\\"},"
                    + "\\\"Action\\\":\\\"sts:AssumeRole\\\"}]}";
    private static final String KEY_SCHEMA =
            "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
                    + "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}]";

    /// Enough for the JVM to see which methods are hot: the cache keeps that too.
    private static final int ROUNDS = 400;

    @Spec CommandSpec spec = CommandSpec.create();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private String endpoint = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("freehold-train");
        try (Freehold server = Temporary.server(data, 1)) {
            endpoint = "http://127.0.0.1:" + server.port();
            prepare();
            for (int i = 0; i < ROUNDS; i++) {
                exercise(i);
            }
        } finally {
            Temporary.delete(data);
        }
        return 0;
    }

    private void prepare() throws IOException, InterruptedException {
        send(
                "sts",
                "POST",
                "/",
                "x-www-form-urlencoded",
                "Action=GetCallerIdentity&Version=2011-06-15");
        send(
                "iam",
                "POST",
                "/",
                "x-www-form-urlencoded",
                "Action=CreateRole&Version=2010-05-08&RoleName=train&AssumeRolePolicyDocument="
                        + java.net.URLEncoder.encode(
                                TRUST.replace("\\\"", "\""), StandardCharsets.UTF_8));
        send("sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"train\"}");
        send(
                "dynamodb",
                "DynamoDB_20120810.CreateTable",
                "{\"TableName\":\"train\",\"BillingMode\":\"PAY_PER_REQUEST\"," + KEY_SCHEMA + "}");
        send("s3", "PUT", "/train", "xml", "");
        send("lambda", "POST", "/2015-03-31/functions", "json", function());
        send(
                "apigateway",
                "POST",
                "/v2/apis",
                "json",
                "{\"name\":\"train\",\"protocolType\":\"HTTP\"}");
        send(
                "sns",
                "POST",
                "/",
                "x-www-form-urlencoded",
                "Action=CreateTopic&Version=2010-03-31&Name=train");
    }

    private void exercise(int round) throws IOException, InterruptedException {
        String url = endpoint + "/000000000000/train";
        String item = "{\"id\":{\"S\":\"" + round + "\"},\"n\":{\"N\":\"1\"}}";
        String key = "{\"id\":{\"S\":\"" + round + "\"}}";
        send(
                "sqs",
                "AmazonSQS.SendMessage",
                "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"m\"}");
        send("sqs", "AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"" + url + "\"}");
        send(
                "dynamodb",
                "DynamoDB_20120810.PutItem",
                "{\"TableName\":\"train\",\"Item\":" + item + "}");
        send(
                "dynamodb",
                "DynamoDB_20120810.GetItem",
                "{\"TableName\":\"train\",\"Key\":" + key + "}");
        send(
                "dynamodb",
                "DynamoDB_20120810.Query",
                "{\"TableName\":\"train\",\"KeyConditionExpression\":\"id = :id\","
                        + "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"1\"}}}");
        send("s3", "PUT", "/train/" + round, "octet-stream", "bytes");
        send("s3", "GET", "/train/" + round, "octet-stream", null);
        send("s3", "GET", "/train?list-type=2", "xml", null);
        send("lambda", "POST", "/2015-03-31/functions/train/invocations", "json", "{}");
        send("logs", "Logs_20140328.DescribeLogGroups", "{}");
    }

    private static String function() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("index.js"));
            zip.write(HANDLER.getBytes(StandardCharsets.UTF_8));
        }
        return "{\"FunctionName\":\"train\",\"Runtime\":\"nodejs22.x\",\"Handler\":\"index.handler\","
                + "\"Role\":\"arn:aws:iam::000000000000:role/train\",\"Code\":{\"ZipFile\":\""
                + Base64.getEncoder().encodeToString(bytes.toByteArray())
                + "\"}}";
    }

    private void send(String service, String target, String body)
            throws IOException, InterruptedException {
        send(
                request(service, "/", "application/x-amz-json-1.0").header("x-amz-target", target),
                "POST",
                body);
    }

    private void send(
            String service, String method, String path, String type, @Nullable String body)
            throws IOException, InterruptedException {
        send(request(service, path, "application/" + type), method, body);
    }

    private HttpRequest.Builder request(String service, String path, String type) {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", java.util.Locale.ROOT)
                        .withZone(ZoneOffset.UTC);
        String now = format.format(Instant.now());
        String scope = now.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
        return HttpRequest.newBuilder(URI.create(endpoint + path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", type)
                .header("x-amz-date", now)
                .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
                .header(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=train/"
                                + scope
                                + ", SignedHeaders=host;x-amz-date, Signature="
                                + "0".repeat(64));
    }

    /// The answers don't matter, but the build's log shows them.
    private void send(HttpRequest.Builder request, String method, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest made =
                request.method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response =
                client.send(made, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.method() + " " + made.uri() + " " + response.statusCode());
        if (response.statusCode() >= 400) {
            out.println("  " + response.body());
        }
    }
}
