// Deploys and uses the example applications by the AWS SDK for JavaScript. Prints JSON.
import * as apis from "@aws-sdk/client-apigatewayv2";
import * as ddb from "@aws-sdk/client-dynamodb";
import * as iams from "@aws-sdk/client-iam";
import * as lambdas from "@aws-sdk/client-lambda";
import * as s3s from "@aws-sdk/client-s3";
import * as snss from "@aws-sdk/client-sns";
import * as sqss from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const account = process.env.AWS_ACCESS_KEY_ID;
// Names of buckets under localhost do not resolve everywhere: this is what a resolver would say.
const lookup = (host, options, done) =>
  options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
const virtualHosts = {
  endpoint: process.env.AWS_ENDPOINT_URL.replace("127.0.0.1", "localhost"),
  requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ lookup }) }),
};
const s3 = new s3s.S3Client(virtualHosts);
const dynamodb = new ddb.DynamoDBClient({});
const iam = new iams.IAMClient({});
const lambda = new lambdas.LambdaClient({});
const sns = new snss.SNSClient({});
const sqs = new sqss.SQSClient({});
const gateway = new apis.ApiGatewayV2Client({});
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ],
});

async function deploy(name, bucket, listener, packages) {
  const text = readFileSync(join(here, "..", "applications.json"), "utf8")
    .replaceAll("{account}", account)
    .replaceAll("{bucket}", bucket)
    .replaceAll("{listener}", listener);
  const application = JSON.parse(text)[name];
  for (const table of application.tables ?? []) await createTable(table);
  const queues = {};
  for (const { name: QueueName, attributes: Attributes } of application.queues ?? []) {
    const made = await sqs.send(new sqss.CreateQueueCommand({ QueueName, Attributes }));
    queues[QueueName] = made.QueueUrl;
  }
  if (application.topic) await createTopic(application.topic);
  const functions = {};
  for (const one of application.functions) {
    functions[one.name] = await createFunction(one, queues, packages);
  }
  if (application.bucket) await createBucket(application.bucket, functions);
  if (application.source) {
    await lambda.send(
      new lambdas.CreateEventSourceMappingCommand({
        FunctionName: application.source.function,
        EventSourceArn: application.source.queue,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      }),
    );
  }
  const url = application.api ? await createApi(application.api, functions) : "";
  return { url, queues };
}

async function createTable(table) {
  await dynamodb.send(
    new ddb.CreateTableCommand({
      TableName: table.name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: table.keys.map((key) => ({ AttributeName: key, AttributeType: "S" })),
      KeySchema: table.keys.map((key, i) => ({
        AttributeName: key,
        KeyType: i === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
  const waiter = { client: dynamodb, maxWaitTime: 30 };
  await ddb.waitUntilTableExists(waiter, { TableName: table.name });
}

async function createTopic(topic) {
  const { TopicArn } = await sns.send(new snss.CreateTopicCommand({ Name: topic.name }));
  for (const [Protocol, Endpoint] of Object.entries(topic.subscriptions)) {
    await sns.send(new snss.SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  }
}

async function createFunction(one, queues, packages) {
  const { Role } = await iam.send(
    new iams.CreateRoleCommand({ RoleName: one.name, AssumeRolePolicyDocument: trust }),
  );
  const Statement = Object.entries(one.allow ?? {}).map(([Resource, Action]) => ({
    Effect: "Allow",
    Action,
    Resource,
  }));
  if (Statement.length > 0) {
    await iam.send(
      new iams.PutRolePolicyCommand({
        RoleName: one.name,
        PolicyName: "access",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
  }
  const Variables = Object.fromEntries(
    Object.entries(one.environment ?? {}).map(([key, value]) => [
      key,
      value.replace(/\{queue:(.*)\}/, (_, queue) => queues[queue]),
    ]),
  );
  const made = await lambda.send(
    new lambdas.CreateFunctionCommand({
      FunctionName: one.name,
      Runtime: one.runtime,
      Handler: one.handler,
      Role: Role.Arn,
      Timeout: 10,
      MemorySize: 256,
      Environment: { Variables },
      Code: { ZipFile: readFileSync(join(packages, `${one.name}.zip`)) },
    }),
  );
  const waiter = { client: lambda, maxWaitTime: 30 };
  await lambdas.waitUntilFunctionActiveV2(waiter, { FunctionName: one.name });
  return made.FunctionArn;
}

async function createBucket(bucket, functions) {
  await s3.send(new s3s.CreateBucketCommand({ Bucket: bucket.name }));
  await lambda.send(
    new lambdas.AddPermissionCommand({
      FunctionName: bucket.function,
      StatementId: "s3",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: `arn:aws:s3:::${bucket.name}`,
    }),
  );
  const FilterRules = [{ Name: "prefix", Value: bucket.prefix }];
  await s3.send(
    new s3s.PutBucketNotificationConfigurationCommand({
      Bucket: bucket.name,
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [
          {
            LambdaFunctionArn: functions[bucket.function],
            Events: ["s3:ObjectCreated:*"],
            Filter: { Key: { FilterRules } },
          },
        ],
      },
    }),
  );
}

async function createApi(api, functions) {
  const { ApiId, ApiEndpoint } = await gateway.send(
    new apis.CreateApiCommand({ Name: api.name, ProtocolType: "HTTP" }),
  );
  const { IntegrationId } = await gateway.send(
    new apis.CreateIntegrationCommand({
      ApiId,
      IntegrationType: "AWS_PROXY",
      PayloadFormatVersion: "2.0",
      IntegrationUri: functions[api.function],
    }),
  );
  for (const RouteKey of api.routes) {
    const Target = `integrations/${IntegrationId}`;
    await gateway.send(new apis.CreateRouteCommand({ ApiId, RouteKey, Target }));
  }
  await gateway.send(
    new apis.CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }),
  );
  await lambda.send(
    new lambdas.AddPermissionCommand({
      FunctionName: api.function,
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${account}:${ApiId}/*`,
    }),
  );
  return ApiEndpoint;
}

// A stream: its length is not known to the SDK, so it sends a trailer, on plain HTTP too.
async function upload(Bucket, Key, file) {
  const ContentLength = readFileSync(file).length;
  const Body = createReadStream(file);
  await s3.send(new s3s.PutObjectCommand({ Bucket, Key, Body, ContentLength }));
}

async function download(Bucket, Key, file) {
  const { Body } = await s3.send(new s3s.GetObjectCommand({ Bucket, Key }));
  writeFileSync(file, await Body.transformToByteArray());
}

const scan = async (TableName) =>
  (await dynamodb.send(new ddb.ScanCommand({ TableName }))).Items;

async function receive(QueueUrl) {
  const command = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
  const { Messages } = await sqs.send(new sqss.ReceiveMessageCommand(command));
  return (Messages ?? []).map((message) => message.Body);
}

const presign = (Bucket, Key) => getSignedUrl(s3, new s3s.GetObjectCommand({ Bucket, Key }));

// HTTP/2 with prior knowledge, as the Kinesis client speaks.
async function h2c() {
  const requestHandler = new NodeHttp2Handler({ disableConcurrentStreams: true });
  const client = new ddb.DynamoDBClient({ requestHandler });
  const { TableNames } = await client.send(new ddb.ListTablesCommand({}));
  client.destroy();
  return Array.isArray(TableNames);
}

// The parts of an answer, each with the milliseconds when it came, and how it ended.
async function stream(FunctionName, Payload, ...options) {
  const begun = performance.now();
  const command = { FunctionName, Payload, ...Object.fromEntries(options.map((o) => o.split("="))) };
  const answer = await lambda.send(new lambdas.InvokeWithResponseStreamCommand(command));
  const parts = [];
  let complete = null;
  for await (const event of answer.EventStream ?? []) {
    const part = event.PayloadChunk?.Payload;
    if (part) parts.push([Math.floor(performance.now() - begun), Buffer.from(part).toString()]);
    else complete = event.InvokeComplete;
  }
  return { status: answer.StatusCode, version: answer.ExecutedVersion, parts, complete };
}

const commands = { deploy, upload, download, scan, receive, presign, h2c, stream };
const [name, ...parameters] = process.argv.slice(2);
console.log(JSON.stringify((await commands[name](...parameters)) ?? null));
