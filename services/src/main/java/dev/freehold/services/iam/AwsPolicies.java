package dev.freehold.services.iam;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The managed policies of AWS that serverless applications attach.
///
/// See <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>.
final class AwsPolicies {
    private static final String LOGS =
            allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents");

    private static final Map<String, ManagedPolicy> POLICIES = new LinkedHashMap<>();

    static {
        add("/service-role/", "AWSLambdaBasicExecutionRole", LOGS);
        add(
                "/service-role/",
                "AWSLambdaSQSQueueExecutionRole",
                allow(
                        "sqs:ReceiveMessage",
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes",
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents"));
        add("/service-role/", "AWSLambdaRole", allow("lambda:InvokeFunction"));
        add(
                "/service-role/",
                "AWSLambdaDynamoDBExecutionRole",
                allow(
                        "dynamodb:DescribeStream",
                        "dynamodb:GetRecords",
                        "dynamodb:GetShardIterator",
                        "dynamodb:ListStreams",
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents"));
        add("/", "AdministratorAccess", allow("*"));
        add("/", "AmazonS3FullAccess", allow("s3:*", "s3-object-lambda:*"));
        add(
                "/",
                "AmazonS3ReadOnlyAccess",
                allow(
                        "s3:Get*",
                        "s3:List*",
                        "s3:Describe*",
                        "s3-object-lambda:Get*",
                        "s3-object-lambda:List*"));
        add("/", "AmazonSQSFullAccess", allow("sqs:*"));
        add("/", "AmazonSNSFullAccess", allow("sns:*"));
        add("/", "AmazonDynamoDBFullAccess", allow("dynamodb:*"));
        add(
                "/",
                "AmazonDynamoDBReadOnlyAccess",
                allow(
                        "dynamodb:BatchGetItem",
                        "dynamodb:Describe*",
                        "dynamodb:List*",
                        "dynamodb:GetItem",
                        "dynamodb:Query",
                        "dynamodb:Scan",
                        "dynamodb:PartiQLSelect"));
        add(
                "/",
                "AWSLambda_FullAccess",
                allow("lambda:*", "logs:*", "iam:PassRole", "iam:GetRole"));
        add("/", "CloudWatchLogsFullAccess", allow("logs:*"));
        add(
                "/",
                "ReadOnlyAccess",
                allow("*:Get*", "*:List*", "*:Describe*", "dynamodb:Query", "dynamodb:Scan"));
    }

    private AwsPolicies() {}

    private static String allow(String... actions) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\""
                + String.join("\",\"", actions)
                + "\"],\"Resource\":\"*\"}]}";
    }

    private static void add(String path, String name, String document) {
        String arn = "arn:aws:iam::aws:policy" + path + name;
        Instant created = Instant.parse("2015-02-06T18:39:46Z");
        String id =
                "ANPA" + "%016X".formatted(arn.hashCode() * 0x9E3779B97F4A7C15L).substring(0, 16);
        POLICIES.put(
                arn,
                new ManagedPolicy(
                        name,
                        path,
                        id,
                        arn,
                        created,
                        created,
                        null,
                        Map.of(),
                        List.of(new ManagedPolicy.Version("v1", document, created)),
                        "v1",
                        1));
    }

    static @Nullable ManagedPolicy find(String arn) {
        return POLICIES.get(arn);
    }

    static Collection<ManagedPolicy> all() {
        return POLICIES.values();
    }
}
