"""Deploys and uses the example applications by boto3. Each command prints JSON."""

import io
import json
import os
import pathlib
import sys
import time
import zipfile

import boto3

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent.parent / "examples"
ACCOUNT = os.environ["AWS_ACCESS_KEY_ID"]
TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }],
})


def deploy(name, bucket, listener):
    text = (HERE.parent / "applications.json").read_text()
    text = text.replace("{account}", ACCOUNT).replace("{bucket}", bucket)
    application = json.loads(text.replace("{listener}", listener))[name]
    for table in application.get("tables", []):
        create_table(table)
    queues = {}
    for queue in application.get("queues", []):
        made = boto3.client("sqs").create_queue(
            QueueName=queue["name"], Attributes=queue["attributes"])
        queues[queue["name"]] = made["QueueUrl"]
    if "topic" in application:
        create_topic(application["topic"])
    functions = {}
    for function in application["functions"]:
        functions[function["name"]] = create_function(function, queues)
    if "bucket" in application:
        create_bucket(application["bucket"], functions)
    if "source" in application:
        boto3.client("lambda").create_event_source_mapping(
            FunctionName=application["source"]["function"],
            EventSourceArn=application["source"]["queue"],
            FunctionResponseTypes=["ReportBatchItemFailures"])
    url = create_api(application["api"], functions) if "api" in application else ""
    return {"url": url, "queues": queues}


def create_table(table):
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=table["name"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "S"} for key in table["keys"]],
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(table["keys"], ["HASH", "RANGE"])])
    client.get_waiter("table_exists").wait(TableName=table["name"])


def create_topic(topic):
    client = boto3.client("sns")
    arn = client.create_topic(Name=topic["name"])["TopicArn"]
    for protocol, endpoint in topic["subscriptions"].items():
        client.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint)


def create_function(function, queues):
    iam = boto3.client("iam")
    name = function["name"]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource}
        for resource, actions in function.get("allow", {}).items()]
    if statements:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=policy)
    variables = function.get("environment", {})
    for queue, url in queues.items():
        variables = {k: v.replace("{queue:" + queue + "}", url) for k, v in variables.items()}
    client = boto3.client("lambda")
    made = client.create_function(
        FunctionName=name, Runtime=function["runtime"], Handler=function["handler"], Role=role,
        Timeout=10, MemorySize=256, Environment={"Variables": variables},
        Code={"ZipFile": package(EXAMPLES / function["folder"])})
    client.get_waiter("function_active_v2").wait(FunctionName=name)
    return made["FunctionArn"]


def package(folder):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                package.write(path, path.relative_to(folder))
    return content.getvalue()


def create_bucket(bucket, functions):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket["name"])
    boto3.client("lambda").add_permission(
        FunctionName=bucket["function"], StatementId="s3", Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::" + bucket["name"])
    rule = {"Name": "prefix", "Value": bucket["prefix"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket["name"],
        NotificationConfiguration={"LambdaFunctionConfigurations": [{
            "LambdaFunctionArn": functions[bucket["function"]],
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [rule]}}}]})


def create_api(api, functions):
    client = boto3.client("apigatewayv2")
    made = client.create_api(Name=api["name"], ProtocolType="HTTP")
    integration = client.create_integration(
        ApiId=made["ApiId"], IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
        IntegrationUri=functions[api["function"]])["IntegrationId"]
    for route in api["routes"]:
        client.create_route(
            ApiId=made["ApiId"], RouteKey=route, Target="integrations/" + integration)
    client.create_stage(ApiId=made["ApiId"], StageName="$default", AutoDeploy=True)
    boto3.client("lambda").add_permission(
        FunctionName=api["function"], StatementId="api", Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{made['ApiId']}/*")
    return made["ApiEndpoint"]


def upload(bucket, key, file):
    boto3.client("s3").upload_file(file, bucket, key)


def download(bucket, key, file):
    boto3.client("s3").download_file(bucket, key, file)


def scan(table):
    return boto3.client("dynamodb").scan(TableName=table)["Items"]


def receive(queue):
    answer = boto3.client("sqs").receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [message["Body"] for message in answer.get("Messages", [])]


def presign(bucket, key):
    return boto3.client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": key})


def stream(function, payload, *options):
    """The parts of an answer, each with the milliseconds when it came, and how it ended."""
    begun = time.monotonic()
    answer = boto3.client("lambda").invoke_with_response_stream(
        FunctionName=function, Payload=payload, **dict(option.split("=") for option in options))
    parts, complete = [], None
    for event in answer["EventStream"]:
        if "PayloadChunk" in event:
            millis = int((time.monotonic() - begun) * 1000)
            parts.append([millis, event["PayloadChunk"]["Payload"].decode()])
        else:
            complete = event["InvokeComplete"]
    return {"status": answer["StatusCode"], "version": answer["ExecutedVersion"],
            "parts": parts, "complete": complete}


COMMANDS = {f.__name__: f for f in (deploy, upload, download, scan, receive, presign, stream)}
print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
