"""The bootstrap of Python functions: waits for a function from the engine, runs it.

The frames are those of bootstrap.mjs."""

import asyncio  # noqa: F401  what SDKs import is imported while the environment waits
import email.parser  # noqa: F401
import http.client  # noqa: F401
import importlib
import io
import json
import logging
import os
import socket
import ssl  # noqa: F401
import struct
import sys
import threading
import time
import traceback
import urllib.request  # noqa: F401

MAX_RESPONSE = 6 * 1024 * 1024 + 100
TOO_LARGE = {
    "errorType": "Function.ResponseSizeTooLarge",
    "errorMessage": f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes).",
}
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=3)
connection.set_inheritable(False)
sending = threading.Lock()
current = {"requestId": None}


def send(kind, content=b""):
    with sending:
        connection.sendall(struct.pack(">I", len(content) + 1) + kind + content)


def receive():
    length = struct.unpack(">I", exactly(4))[0]
    frame = exactly(length)
    return frame[:1], frame[1:]


def exactly(count):
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class Output(io.TextIOBase):
    """Sends what is printed, a line at a time."""

    encoding = "utf-8"

    def __init__(self):
        self.rest = ""

    def writable(self):
        return True

    def write(self, text):
        self.rest += text
        if "\n" in self.rest:
            lines, self.rest = self.rest.rsplit("\n", 1)
            send(b"L", (lines + "\n").encode("utf-8", "replace"))
        return len(text)

    def flush(self):
        if self.rest:
            text, self.rest = self.rest, ""
            send(b"L", text.encode("utf-8", "replace"))

    def fileno(self):
        raise io.UnsupportedOperation("fileno")


class Handler(logging.Handler):
    def __init__(self, log_format):
        super().__init__()
        self.json = log_format == "JSON"
        if not self.json:
            formatter = logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
                "%Y-%m-%dT%H:%M:%S",
            )
            formatter.converter = time.gmtime
            self.setFormatter(formatter)

    def emit(self, record):
        record.aws_request_id = current["requestId"] or ""
        if not self.json:
            send(b"L", self.format(record).encode("utf-8", "replace"))
            return
        entry = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": current["requestId"],
        }
        if record.exc_info:
            entry["stackTrace"] = traceback.format_exception(*record.exc_info)
            entry["errorType"] = record.exc_info[0].__name__
            entry["errorMessage"] = str(record.exc_info[1])
        send(b"L", (json.dumps(entry, default=str) + "\n").encode("utf-8", "replace"))


class Failure(Exception):
    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


def describe(error):
    if isinstance(error, Failure):
        return {
            "errorMessage": str(error),
            "errorType": error.kind,
            "requestId": current["requestId"] or "",
            "stackTrace": error.trace,
        }
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": current["requestId"] or "",
        "stackTrace": traceback.format_list(frames),
    }


def log_error(facts):
    text = "[ERROR] " + facts["errorType"] + ": " + facts["errorMessage"]
    if facts["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(facts["stackTrace"])
    send(b"L", (text.rstrip("\n").replace("\n", "\r") + "\n").encode("utf-8", "replace"))


def load(name):
    parts = name.rsplit(".", 1)
    if len(parts) != 2:
        raise Failure("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    module_name, function = parts
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise Failure(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Failure(
            "Runtime.UserCodeSyntaxError",
            f"Syntax error in module '{module_name}': {error}",
            trace,
        ) from error
    if not hasattr(module, function):
        raise Failure(
            "Runtime.HandlerNotFound",
            f"Handler '{function}' missing on module '{module_name}'",
        )
    return getattr(module, function)


def init(spec):
    os.environ.clear()
    os.environ.update(spec["environment"])
    if hasattr(time, "tzset"):
        time.tzset()
    root = os.environ["LAMBDA_TASK_ROOT"]
    os.chdir(root)
    sys.path.insert(0, root)
    for path in ("/opt/python", f"/opt/python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"):
        if os.path.isdir(path):
            sys.path.insert(1, path)
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    logging.getLogger().handlers[:] = [Handler(spec.get("logFormat"))]
    level = spec.get("logLevel")
    if level:
        logging.getLogger().setLevel("CRITICAL" if level == "FATAL" else "DEBUG" if level == "TRACE" else level)
    return load(spec["handler"])


class Identity:
    def __init__(self, facts):
        self.cognito_identity_id = facts.get("cognitoIdentityId")
        self.cognito_identity_pool_id = facts.get("cognitoIdentityPoolId")


class Client:
    def __init__(self, facts):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, facts.get(name))


class ClientContext:
    def __init__(self, facts):
        self.client = Client(facts.get("client") or {})
        self.custom = facts.get("custom")
        self.env = facts.get("env")


class Context:
    def __init__(self, head):
        self.aws_request_id = head["requestId"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = head["functionArn"]
        self.tenant_id = head.get("tenantId")
        client = head.get("clientContext")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self.identity = Identity(json.loads(head["identity"]) if head.get("identity") else {})
        self._deadline = head["deadline"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))

    def log(self, message):
        print(message)


def invoke(handler, content):
    length = struct.unpack(">I", content[:4])[0]
    head = json.loads(content[4 : 4 + length])
    current["requestId"] = head["requestId"]
    if head.get("traceId"):
        os.environ["_X_AMZN_TRACE_ID"] = head["traceId"]
    try:
        payload = content[4 + length :]
        try:
            event = json.loads(payload) if payload else {}
        except ValueError as error:
            raise Failure("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
        result = handler(event, Context(head))
        try:
            text = json.dumps(result, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except (TypeError, ValueError) as error:
            raise Failure("Runtime.MarshalError", f"Unable to marshal response: {error}")
        sys.stdout.flush()
        sys.stderr.flush()
        if len(text) > MAX_RESPONSE:
            # What AWS answers in the function's stead: it has no other members.
            send(b"E", json.dumps(TOO_LARGE, separators=(",", ":")).encode())
        else:
            send(b"O", text)
    except Exception as error:
        facts = describe(error)
        sys.stdout.flush()
        sys.stderr.flush()
        log_error(facts)
        send(b"E", json.dumps(facts).encode())
    finally:
        current["requestId"] = None


def main():
    sys.stdout = sys.stderr = Output()
    sys.argv = sys.argv[:1]
    handler = None
    send(b"R")
    while True:
        kind, content = receive()
        if kind == b"I":
            try:
                handler = init(json.loads(content))
                sys.stdout.flush()
                send(b"i")
            except Exception as error:
                facts = describe(error)
                sys.stdout.flush()
                log_error(facts)
                send(b"i", json.dumps(facts).encode())
        elif kind == b"V":
            invoke(handler, content)


try:
    main()
except SystemExit as end:
    code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    sys.stdout.flush()
    os._exit(code)
