"""Uses what Freehold's functions have beside plain invocations, by boto3, and checks the answers.
Each command is one of the functions below whose names don't begin with an underscore; it prints
JSON: what it saw."""

import io
import json
import pathlib
import sys
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

_CLIENT = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
_ECHO = "def handler(event, context):\n    return event\n"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }],
}


def _role():
    iam = boto3.client("iam")
    try:
        made = iam.create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps(_TRUST))
        return made["Role"]["Arn"]
    except iam.exceptions.EntityAlreadyExistsException:
        return iam.get_role(RoleName="functions")["Role"]["Arn"]


def _create(name, code, runtime="python3.12", **more):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as out:
        out.writestr("index.py" if runtime.startswith("python") else "index.js", code)
    made = _CLIENT.create_function(
        FunctionName=name, Runtime=runtime, Role=_role(), Handler="index.handler",
        Code={"ZipFile": package.getvalue()}, **more)
    _CLIENT.get_waiter("function_active_v2").wait(FunctionName=name)
    return made


def _invoke(name, **more):
    return json.load(_CLIENT.invoke(FunctionName=name, **more)["Payload"])


def _refusal(call, *arguments, **more):
    try:
        call(*arguments, **more)
    except ClientError as error:
        said = error.response
        return {
            "status": said["ResponseMetadata"]["HTTPStatusCode"],
            "code": said["Error"]["Code"],
            "message": said["Error"]["Message"],
            "reason": said.get("Reason", ""),
        }
    return {"status": 200, "code": "", "message": "", "reason": ""}


def budget():
    """Spends a budget of three requests."""
    _create("limited", _ECHO, Tags={"freehold:budget": "requests=3/day"})
    answers = [_invoke("limited", Payload=str(i)) for i in range(3)]
    return {"answers": answers, "refused": _refusal(_invoke, "limited")}


def states():
    """What is answered while functions are made and changed."""
    created = _create("states", _ECHO)
    updated = _CLIENT.update_function_configuration(FunctionName="states", Timeout=9)
    _CLIENT.get_waiter("function_updated_v2").wait(FunctionName="states")
    after = _CLIENT.get_function_configuration(FunctionName="states")
    return {
        "created": created["State"],
        "updated": updated["LastUpdateStatus"],
        "after": [after["State"], after["LastUpdateStatus"]],
        "revised": updated["RevisionId"] != after["RevisionId"],
    }


def snapstart():
    """A version that is initialised before it is called, and one that can't be."""
    snap = {"ApplyOn": "PublishedVersions"}
    code = "import os\ndef handler(event, context):\n" \
           "    return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']\n"
    _create("snapped", code, SnapStart=snap)
    published = _CLIENT.publish_version(FunctionName="snapped")
    early = _refusal(_invoke, "snapped", Qualifier=published["Version"])
    waiter = _CLIENT.get_waiter("published_version_active")
    waiter.wait(FunctionName="snapped", Qualifier=published["Version"])
    type_ = _invoke("snapped", Qualifier=published["Version"])

    _create("broken", "raise ValueError('not today')\n", SnapStart=snap)
    broken = _CLIENT.publish_version(FunctionName="broken")["Version"]
    try:
        waiter.wait(FunctionName="broken", Qualifier=broken)
    except WaiterError as error:
        failed = error.last_response["Configuration"] if "Configuration" in error.last_response \
            else error.last_response
    return {
        "published": [published["State"], published["SnapStart"]["OptimizationStatus"]],
        "early": early,
        "type": type_,
        "failed": [failed["State"], failed["StateReasonCode"], failed["StateReason"]],
        "javascript": _refusal(_create, "never", "", "nodejs20.x", SnapStart=snap),
    }


def reload(folder):
    """Runs a function from a folder, and changes that twenty times."""
    file = pathlib.Path(folder) / "index.js"

    def write(number):
        beside = file.with_suffix(".new")
        beside.write_text(f"exports.handler = async () => {number};")
        beside.rename(file)

    write(0)
    _create("live", "exports.handler = async () => -1;", "nodejs20.x")
    _CLIENT.update_function_code(FunctionName="live", S3Bucket="hot-reload", S3Key=folder)
    _CLIENT.get_waiter("function_updated_v2").wait(FunctionName="live")
    seen = [_invoke("live")]
    for number in range(1, 21):
        write(number)
        old = seen[-1]
        for _ in range(1000):
            now = _invoke("live")
            if now != old:
                break
        seen.append(now)
    return {"seen": seen}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
