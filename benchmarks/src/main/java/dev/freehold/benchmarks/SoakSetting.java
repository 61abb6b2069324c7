package dev.freehold.benchmarks;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What all workers of a soak use: a function that is told by a queue, a topic and a bucket.
final class SoakSetting {
    static final String TARGET = "told";
    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:soak";
    static final String BUCKET = "soak";
    static final String QUEUE = "http://localhost/000000000000/";

    private static final Pattern MAPPING = Pattern.compile("\"UUID\":\"([^\"]+)\"");
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:" + TARGET;
    private static final String FUNCTIONS = "/2015-03-31/functions/";

    private static final String HANDLER =
            """
            import random, time
            def handler(event, context):
                time.sleep(random.random() / 50)
                if random.random() < 0.1:
                    raise ValueError('now and then')
            """;

    private final Server server;
    private final String mapping;

    private SoakSetting(Server server, String mapping) {
        this.server = server;
        this.mapping = mapping;
    }

    static SoakSetting create(Server server) throws Exception {
        try (Aws lambda = new Aws(server, "lambda");
                Aws sqs = new Aws(server, "sqs");
                Aws sns = new Aws(server, "sns");
                Aws s3 = new Aws(server, "s3")) {
            Deployment.create(
                    lambda, TARGET, Deployment.Function.of("python3.11", "index.py", HANDLER));
            for (String queue : new String[] {"work", "dead"}) {
                sqs.json("AmazonSQS.CreateQueue", "{\"QueueName\":\"" + queue + "\"}");
            }
            for (String who : new String[] {"sns", "s3"}) {
                lambda.rest(
                        "POST",
                        FUNCTIONS + TARGET + "/policy",
                        ("{\"StatementId\":\"%s\",\"Action\":\"lambda:InvokeFunction\","
                                        + "\"Principal\":\"%s.amazonaws.com\"}")
                                .formatted(who, who));
            }
            lambda.rest(
                    "PUT",
                    "/2019-09-25/functions/" + TARGET + "/event-invoke-config",
                    "{\"MaximumRetryAttempts\":0,\"DestinationConfig\":{\"OnFailure\":"
                            + "{\"Destination\":\"arn:aws:sqs:us-east-1:000000000000:dead\"}}}");
            sns.query("Action=CreateTopic&Version=2010-03-31&Name=soak");
            sns.query(
                    "Action=Subscribe&Version=2010-03-31&Protocol=lambda&TopicArn="
                            + encoded(TOPIC)
                            + "&Endpoint="
                            + encoded(ARN));
            s3.rest("PUT", "/" + BUCKET, "");
            s3.rest(
                    "PUT",
                    "/" + BUCKET + "?notification=",
                    "<NotificationConfiguration><CloudFunctionConfiguration><CloudFunction>"
                            + ARN
                            + "</CloudFunction><Event>s3:ObjectCreated:*</Event>"
                            + "</CloudFunctionConfiguration></NotificationConfiguration>");
            String source = "arn:aws:sqs:us-east-1:000000000000:work";
            String body =
                    "{\"FunctionName\":\"%s\",\"EventSourceArn\":\"%s\"}".formatted(TARGET, source);
            String made = lambda.rest("POST", "/2015-03-31/event-source-mappings", body).text();
            return new SoakSetting(server, found(made));
        }
    }

    private static String found(String text) throws IOException {
        Matcher matcher = MAPPING.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no mapping in " + text);
        }
        return matcher.group(1);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    void delete() throws IOException {
        try (Aws lambda = new Aws(server, "lambda");
                Aws sqs = new Aws(server, "sqs");
                Aws sns = new Aws(server, "sns");
                Aws s3 = new Aws(server, "s3")) {
            lambda.rest("DELETE", "/2015-03-31/event-source-mappings/" + mapping, "");
            sns.query("Action=DeleteTopic&Version=2010-03-31&TopicArn=" + encoded(TOPIC));
            s3.rest("DELETE", "/" + BUCKET, "");
            for (String queue : new String[] {"work", "dead"}) {
                sqs.json("AmazonSQS.DeleteQueue", "{\"QueueUrl\":\"" + QUEUE + queue + "\"}");
            }
            lambda.rest("DELETE", FUNCTIONS + TARGET, "");
        }
    }
}
