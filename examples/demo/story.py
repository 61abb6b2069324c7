#!/usr/bin/env python3
"""Deploys hello and photos by boto3, uses them, and tells what happened and what it cost.

usage: story.py ENDPOINT [--started MILLISECONDS] [--json]

Everything here is plain boto3 against ENDPOINT: the same calls work on AWS.
"""

import argparse
import contextlib
import http.client
import http.server
import io
import json
import os
import pathlib
import statistics
import struct
import sys
import threading
import time
import urllib.parse
import urllib.request
import zipfile
import zlib

import boto3
import botocore.config

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent
REGION = "us-east-1"
RUNTIME = "nodejs22.x"
WARM_CALLS = 200
PATIENCE_SECONDS = 30
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
LOGS = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}
BOLD, DIM, RED, END = ("\033[1m", "\033[2m", "\033[31m", "\033[0m") if sys.stdout.isatty() else [""] * 4


class Failed(Exception):
    """A step did not do what it should."""


class Teller:
    """Tells the story as it happens, or keeps its figures for --json."""

    def __init__(self, quiet):
        self.quiet = quiet
        self.figures = {}

    def chapter(self, text):
        if not self.quiet:
            print(f"\n{BOLD}{text}{END}")

    def line(self, what, told, why=""):
        if not self.quiet:
            print(f"  {what:<26}{told}" + (f"  {DIM}{why}{END}" if why else ""))

    def keep(self, **figures):
        self.figures.update(figures)


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


def dollars(amount):
    return f"${amount:.10f}".rstrip("0")


def package(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder))
    return buffer.getvalue()


def wait_for(what, question):
    """Asks until there is an answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise Failed(f"{what} did not happen within {PATIENCE_SECONDS} s")


class Cloud:
    """The clients, and the cost of every call that they made."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.cost = 0.0
        self.calls = 0
        session = boto3.session.Session(
            aws_access_key_id="demo", aws_secret_access_key="demo", region_name=REGION
        )
        session.events.register("after-call", self._count)
        config = botocore.config.Config(retries={"mode": "standard"}, read_timeout=30)
        for name in ("apigatewayv2", "dynamodb", "iam", "lambda", "logs", "s3", "sns", "sqs", "sts"):
            setattr(
                self,
                name.replace("lambda", "functions"),
                session.client(name, endpoint_url=endpoint, config=config),
            )
        self.account = self.sts.get_caller_identity()["Account"]

    def _count(self, http_response=None, **_):
        if http_response is not None:
            self.add(http_response.headers.get("x-freehold-cost"))

    def add(self, cost):
        self.calls += 1
        self.cost += float(cost or 0)

    def role(self, name, statements):
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        policy = {"Version": "2012-10-17", "Statement": [LOGS, *statements]}
        self.iam.put_role_policy(
            RoleName=name, PolicyName="access", PolicyDocument=json.dumps(policy)
        )
        return arn["Role"]["Arn"]

    def function(self, name, role, code, **more):
        made = self.functions.create_function(
            FunctionName=name,
            Runtime=RUNTIME,
            Handler="index.handler",
            Role=role,
            Code={"ZipFile": code},
            **more,
        )
        self.functions.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
        return made["FunctionArn"]

    def reports(self, function):
        """The REPORT lines of a function's log, as dictionaries."""

        def ask():
            pages = self.logs.get_paginator("filter_log_events")
            try:
                found = [
                    event["message"]
                    for page in pages.paginate(
                        logGroupName=f"/aws/lambda/{function}", filterPattern="REPORT"
                    )
                    for event in page["events"]
                ]
            except self.logs.exceptions.ResourceNotFoundException:
                return None
            return found or None

        lines = wait_for(f"the log of {function}", ask)
        return [
            dict(part.split(": ", 1) for part in line.strip().split("\t") if ": " in part)
            for line in lines
        ]


def hello(cloud, teller):
    teller.chapter("hello: a Node.js function behind an HTTP API")
    begun = time.monotonic()
    role = cloud.role("hello-role", [])
    function = cloud.function("hello", role, package(EXAMPLES / "hello/src"))
    api = cloud.apigatewayv2.create_api(Name="hello", ProtocolType="HTTP", Target=function)
    cloud.functions.add_permission(
        FunctionName=function,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{cloud.account}:{api['ApiId']}/*",
    )
    teller.line("deployed", milliseconds(time.monotonic() - begun), "a role, a function, an API")

    endpoint = urllib.parse.urlsplit(cloud.endpoint)
    host = urllib.parse.urlsplit(api["ApiEndpoint"]).netloc
    connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=30)

    def get(name):
        start = time.perf_counter()
        connection.request("GET", f"/?name={name}", headers={"Host": host})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - start
        cloud.add(response.headers.get("x-freehold-cost"))
        expected = {"message": f"Hello, {name}!"}
        if response.status != 200 or json.loads(body) != expected:
            raise Failed(f"hello answered {response.status} {body[:200]!r}")
        return took, body.decode()

    cold, body = get("Ada")
    warm = sorted(get(f"Ada{i}")[0] for i in range(WARM_CALLS))
    p50, p99 = statistics.median(warm), warm[int(len(warm) * 0.99)]
    teller.line("GET /?name=Ada", f"200 {body}")
    phases = next((r for r in cloud.reports("hello") if "Init Duration" in r), {})
    explained = ", ".join(
        f"{name.lower()} {phases[name]}"
        for name in ("Sandbox", "Init Duration", "Duration")
        if name in phases
    )
    teller.line("the first call (cold)", milliseconds(cold), explained)
    teller.line(f"{WARM_CALLS} more (warm)", f"p50 {milliseconds(p50)}, p99 {milliseconds(p99)}")
    teller.keep(
        hello={"cold_ms": cold * 1000, "warm_p50_ms": p50 * 1000, "warm_p99_ms": p99 * 1000}
    )


def picture(width, height):
    """A PNG of a colour gradient."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in (x * 255 // width, y * 255 // height, 128))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@contextlib.contextmanager
def listener():
    """An HTTP endpoint that confirms its subscription and keeps what it is told."""
    told = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if message["Type"] == "SubscriptionConfirmation":
                urllib.request.urlopen(message["SubscribeURL"], timeout=10).read()
            told.append(message)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", told
    finally:
        server.shutdown()


def photos(cloud, teller):
    teller.chapter("photos: an image in S3 -> function -> thumbnail, DynamoDB, SNS -> SQS and HTTP")
    with listener() as (url, told):
        begun = time.monotonic()
        queue = deploy_photos(cloud, url)
        wait_for(
            "the confirmation of the HTTP subscription",
            lambda: [m for m in told if m["Type"] == "SubscriptionConfirmation"],
        )
        teller.line(
            "deployed",
            milliseconds(time.monotonic() - begun),
            "a bucket, table, topic, queue, function, and their permissions",
        )
        width, height = 640, 480
        image = picture(width, height)
        start = time.perf_counter()
        cloud.s3.put_object(Bucket="photos", Key="uploads/gradient.png", Body=image)
        item = wait_for("the row in DynamoDB", lambda: row(cloud))
        if (item["width"]["N"], item["height"]["N"]) != (str(width), str(height)):
            raise Failed(f"photos measured {item}")
        thumbnail = cloud.s3.get_object(Bucket="photos", Key=item["thumbnail"]["S"])
        size = struct.unpack(">II", thumbnail["Body"].read()[16:24])
        message = wait_for(
            "the message in SQS",
            lambda: cloud.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"),
        )
        wait_for(
            "the HTTP notification", lambda: [m for m in told if m["Type"] == "Notification"]
        )
        took = time.perf_counter() - start
        subject = json.loads(message[0]["Body"])["Subject"]
        teller.line("put uploads/gradient.png", f"{width} x {height}, {len(image)} bytes")
        teller.line("S3 has", f"{item['thumbnail']['S']}, {size[0]} x {size[1]}")
        teller.line("DynamoDB has", f"width {item['width']['N']}, height {item['height']['N']}")
        teller.line("SQS and HTTP were told", f"'{subject}'")
        teller.line("all of it after", milliseconds(took), "the function's cold start included")
        teller.keep(photos={"end_to_end_ms": took * 1000})


def row(cloud):
    key = {"photo": {"S": "uploads/gradient.png"}}
    return cloud.dynamodb.get_item(TableName="photos", Key=key).get("Item")


def deploy_photos(cloud, listener_url):
    cloud.s3.create_bucket(Bucket="photos")
    cloud.dynamodb.create_table(
        TableName="photos",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "photo", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "photo", "KeyType": "HASH"}],
    )
    cloud.dynamodb.get_waiter("table_exists").wait(
        TableName="photos", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    topic = cloud.sns.create_topic(Name="photos")["TopicArn"]
    queue = cloud.sqs.create_queue(QueueName="photos")["QueueUrl"]
    arn = cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = arn["Attributes"]["QueueArn"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        ],
    }
    cloud.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(allow)})
    cloud.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    cloud.sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=listener_url)
    table = f"arn:aws:dynamodb:{REGION}:{cloud.account}:table/photos"
    role = cloud.role(
        "photos-role",
        [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::photos/*",
            },
            {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": table},
            {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic},
        ],
    )
    function = cloud.function(
        "photos",
        role,
        package(EXAMPLES / "photos/src"),
        MemorySize=256,
        Timeout=15,
        Environment={"Variables": {"TABLE": "photos", "TOPIC": topic}},
    )
    cloud.functions.add_permission(
        FunctionName="photos",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::photos",
        SourceAccount=cloud.account,
    )
    rule = {
        "LambdaFunctionArn": function,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "uploads/"}]}},
    }
    cloud.s3.put_bucket_notification_configuration(
        Bucket="photos", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )
    return queue


def money(cloud, teller):
    teller.chapter("What it cost, by AWS's prices")
    reports = cloud.reports("hello") + cloud.reports("photos")
    billed = sum(int(report["Billed Duration"].split()[0]) for report in reports)
    functions = sum(float(report["Cost"].lstrip("$")) for report in reports)
    teller.line(
        f"{cloud.calls} calls",
        dollars(cloud.cost),
        "the sum of the x-freehold-cost headers: what you would have paid, functions included",
    )
    teller.line(
        f"{len(reports)} invocations",
        dollars(functions),
        f"{billed} ms billed: $0.20 a million requests, $0.0000166667 a GB-second",
    )
    if cloud.cost > 0:
        teller.line("for a dollar", f"{int(1 / cloud.cost):,} such stories")
    teller.keep(
        calls=cloud.calls,
        cost_usd=cloud.cost,
        invocations=len(reports),
        billed_ms=billed,
        invocations_cost_usd=functions,
    )


def whereto(cloud, teller):
    teller.chapter("Where to look next")
    teller.line("use it", f"export AWS_ENDPOINT_URL={cloud.endpoint} AWS_REGION={REGION}")
    teller.line("", "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
    teller.line("the log of hello", "aws logs filter-log-events --log-group-name /aws/lambda/hello")
    teller.line("the applications", "examples/, the same by plain aws commands")
    teller.line("how it is made", "docs/ARCHITECTURE.md")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("endpoint")
    parser.add_argument("--started", type=int, default=0, help="milliseconds that the start took")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    os.environ.pop("AWS_PROFILE", None)
    teller = Teller(arguments.json)
    teller.chapter(f"Freehold runs on {arguments.endpoint}")
    if arguments.started:
        teller.line("started in", f"{arguments.started} ms", "from the JDK's AOT cache")
        teller.keep(started_ms=arguments.started)
    try:
        cloud = Cloud(arguments.endpoint)
        for part in (hello, photos, money, whereto):
            part(cloud, teller)
    except Exception as error:  # the story ends here, whatever it was, and says so
        print(f"{RED}Failed: {type(error).__name__}: {error}{END}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(teller.figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
