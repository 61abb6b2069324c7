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
        add(
                "/service-role/",
                "AWSLambdaBasicDurableExecutionRolePolicy",
                allow(
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "lambda:CheckpointDurableExecution",
                        "lambda:GetDurableExecutionState"));
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
        add(
                "/service-role/",
                "AWSLambdaKinesisExecutionRole",
                allow(
                        "kinesis:DescribeStream",
                        "kinesis:DescribeStreamSummary",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                        "kinesis:ListStreams",
                        "kinesis:SubscribeToShard",
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents"));
        add(
                "/service-role/",
                "AWSLambdaVPCAccessExecutionRole",
                allow(
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "ec2:CreateNetworkInterface",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSubnets",
                        "ec2:DeleteNetworkInterface",
                        "ec2:AssignPrivateIpAddresses",
                        "ec2:UnassignPrivateIpAddresses"));
        add(
                "/service-role/",
                "AmazonAPIGatewayPushToCloudWatchLogs",
                allow(
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:DescribeLogGroups",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                        "logs:GetLogEvents",
                        "logs:FilterLogEvents"));
        add(
                "/",
                "AWSLambdaExecute",
                "{\"Version\":\"2012-10-17\",\"Statement\":["
                        + "{\"Effect\":\"Allow\",\"Action\":[\"logs:*\"],"
                        + "\"Resource\":\"arn:aws:logs:*:*:*\"},"
                        + "{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],"
                        + "\"Resource\":\"arn:aws:s3:::*\"}]}");
        add(
                "/",
                "AWSLambdaInvocation-DynamoDB",
                allow(
                        "lambda:InvokeFunction",
                        "dynamodb:DescribeStream",
                        "dynamodb:GetRecords",
                        "dynamodb:GetShardIterator",
                        "dynamodb:ListStreams"));
        add(
                "/",
                "AWSXRayDaemonWriteAccess",
                allow(
                        "xray:PutTraceSegments",
                        "xray:PutTelemetryRecords",
                        "xray:GetSamplingRules",
                        "xray:GetSamplingTargets",
                        "xray:GetSamplingStatisticSummaries"));
        add(
                "/",
                "AWSXrayWriteOnlyAccess",
                allow(
                        "xray:PutTraceSegments",
                        "xray:PutTelemetryRecords",
                        "xray:GetSamplingRules",
                        "xray:GetSamplingTargets",
                        "xray:GetSamplingStatisticSummaries"));
        add(
                "/",
                "CloudWatchLambdaInsightsExecutionRolePolicy",
                allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"));
        add(
                "/",
                "PowerUserAccess",
                "{\"Version\":\"2012-10-17\",\"Statement\":["
                        + "{\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\",\"organizations:*\",\"account:*\"],"
                        + "\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":["
                        + "\"account:GetAccountInformation\",\"account:ListRegions\","
                        + "\"iam:CreateServiceLinkedRole\",\"iam:DeleteServiceLinkedRole\","
                        + "\"iam:ListRoles\",\"organizations:DescribeOrganization\"],"
                        + "\"Resource\":\"*\"}]}");
        add("/", "IAMFullAccess", allow("iam:*", "organizations:Describe*", "organizations:List*"));
        add(
                "/",
                "IAMReadOnlyAccess",
                allow(
                        "iam:GenerateCredentialReport",
                        "iam:GenerateServiceLastAccessedDetails",
                        "iam:Get*",
                        "iam:List*",
                        "iam:SimulateCustomPolicy",
                        "iam:SimulatePrincipalPolicy"));
        add(
                "/",
                "AmazonSQSReadOnlyAccess",
                allow(
                        "sqs:GetQueueAttributes",
                        "sqs:GetQueueUrl",
                        "sqs:ListDeadLetterSourceQueues",
                        "sqs:ListQueues",
                        "sqs:ListMessageMoveTasks",
                        "sqs:ListQueueTags"));
        add(
                "/",
                "AmazonSNSReadOnlyAccess",
                allow(
                        "sns:GetTopicAttributes",
                        "sns:List*",
                        "sns:CheckIfPhoneNumberIsOptedOut",
                        "sns:GetEndpointAttributes",
                        "sns:GetDataProtectionPolicy",
                        "sns:GetPlatformApplicationAttributes",
                        "sns:GetSMSAttributes",
                        "sns:GetSMSSandboxAccountStatus",
                        "sns:GetSubscriptionAttributes"));
        add("/", "AmazonKinesisFullAccess", allow("kinesis:*"));
        add(
                "/",
                "AmazonEventBridgeFullAccess",
                allow("events:*", "schemas:*", "scheduler:*", "pipes:*"));
        add("/", "AWSStepFunctionsFullAccess", allow("states:*"));
        add("/", "AmazonSSMReadOnlyAccess", allow("ssm:Describe*", "ssm:Get*", "ssm:List*"));
        add("/", "AmazonSSMFullAccess", allow("ssm:*"));
        add("/", "SecretsManagerReadWrite", allow("secretsmanager:*"));
        add(
                "/",
                "AmazonAPIGatewayInvokeFullAccess",
                allow("execute-api:Invoke", "execute-api:ManageConnections"));
        add("/", "AmazonAPIGatewayAdministrator", allow("apigateway:*"));
        add(
                "/",
                "CloudWatchFullAccess",
                allow(
                        "autoscaling:Describe*",
                        "cloudwatch:*",
                        "logs:*",
                        "sns:*",
                        "iam:GetPolicy",
                        "iam:GetPolicyVersion",
                        "iam:GetRole"));
        add(
                "/",
                "AWSLambda_ReadOnlyAccess",
                allow(
                        "lambda:Get*",
                        "lambda:List*",
                        "logs:Describe*",
                        "logs:Get*",
                        "logs:FilterLogEvents"));
        add(
                "/",
                "CloudWatchLogsReadOnlyAccess",
                allow(
                        "logs:Describe*",
                        "logs:Get*",
                        "logs:List*",
                        "logs:StartQuery",
                        "logs:StopQuery",
                        "logs:TestMetricFilter",
                        "logs:FilterLogEvents",
                        "logs:StartLiveTail",
                        "logs:StopLiveTail",
                        "cloudwatch:GenerateQuery"));
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
