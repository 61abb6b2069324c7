"""The bootstrap of Python functions: waits for a function from the engine, runs it.

The frames are those of bootstrap.mjs."""

import asyncio  # noqa: F401  what SDKs import is imported while the environment waits
import decimal
import email.parser  # noqa: F401
import http.client  # noqa: F401
import importlib
import io
import json
import logging
import math
import os
import re
import socket
import ssl  # noqa: F401
import struct
import sys
import threading
import time
import traceback
import urllib.request  # noqa: F401

MAX_RESPONSE = 6 * 1024 * 1024 + 100
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=3)
connection.set_inheritable(False)
sending = threading.Lock()
current = {"requestId": None, "ascii": False}


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


TIME = "%Y-%m-%dT%H:%M:%SZ"
RESERVED = frozenset(
    "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno"
    " funcName created msecs relativeCreated thread threadName processName process taskName"
    " aws_request_id tenant_id".split()
)


class JsonFormatter(logging.Formatter):
    def __init__(self):
        super().__init__(datefmt=TIME)

    def format(self, record):
        record.levelno = min(50, max(0, record.levelno)) // 10 * 10
        record.levelname = logging.getLevelName(record.levelno)
        whole = isinstance(record.msg, dict) and not record.args
        entry = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.msg if whole else record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            entry["stackTrace"] = traceback.format_tb(trace)
            entry["errorType"] = kind.__name__
            entry["errorMessage"] = str(error)
        entry["requestId"] = record.aws_request_id
        if record.exc_info:
            entry["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        entry["tenantId"] = record.tenant_id
        for name, value in record.__dict__.items():
            if name not in RESERVED and name not in entry:
                entry[name] = value
        entry = {name: value for name, value in entry.items() if value is not None}
        return json.dumps(entry, ensure_ascii=False, default=str) + "\n"


class Handler(logging.Handler):
    """Sends what is logged, a record at a time, however many lines it has."""

    def __init__(self, log_format):
        super().__init__()
        if log_format == "JSON":
            formatter = JsonFormatter()
        else:
            formatter = logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
                "%Y-%m-%dT%H:%M:%S",
            )
        self.setFormatter(formatter)
        self.addFilter(identify)

    def emit(self, record):
        send(b"M", self.format(record).encode("utf-8", "replace"))


def identify(record):
    record.aws_request_id = current["requestId"] or ""
    record.tenant_id = current.get("tenantId")
    return True


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
    if current.get("logFormat") == "JSON":
        entry = {"timestamp": time.strftime(TIME, time.gmtime()), "level": "ERROR", **facts}
        send(b"M", json.dumps(entry).encode() + b"\n")
        return
    text = "[ERROR] " + facts["errorType"]
    if facts["errorMessage"]:
        text += ": " + facts["errorMessage"]
    lines = [text, "Traceback (most recent call last):"]
    for line in "".join(facts["stackTrace"]).splitlines():
        lines.append(line.replace(" ", "\u00a0", len(line) - len(line.lstrip(" "))))
    send(b"M", ("\n".join(lines) + "\n").encode("utf-8", "replace"))


def load(name):
    parts = name.rsplit(".", 1)
    if len(parts) != 2:
        raise Failure("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    module_name, function = parts
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Failure(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {module_name} as a handler module",
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
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
    if spec["environment"]:
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
    current["logFormat"] = spec.get("logFormat")
    logging.Formatter.converter = time.gmtime
    logging.getLogger().handlers[:] = [Handler(current["logFormat"])]
    # As AWS's: what is not ASCII is escaped up to Python 3.11.
    asked = re.fullmatch(r"AWS_Lambda_python3\.(\d+)", os.environ.get("AWS_EXECUTION_ENV", ""))
    current["ascii"] = asked is not None and int(asked[1]) < 12
    level = spec.get("logLevel")
    if level:
        logging.getLogger().setLevel("CRITICAL" if level == "FATAL" else "DEBUG" if level == "TRACE" else level)
    if spec.get("debugPort"):
        wait_for_debugger(spec)
    return load(spec["handler"])


def wait_for_debugger(spec):
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    sys.path.append(spec["debugger"])
    import debugpy

    debugpy.listen(("127.0.0.1", spec["debugPort"]), in_process_debug_adapter=True)
    debugpy.wait_for_client()


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
        client = facts.get("client")
        self.client = None if client is None else Client(client)
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


DECIMALS = re.compile(r'"\\u0000(-?[\dE.+-]+|NaN|-?Infinity)\\u0000"')


def encode_more(value):
    """What AWS's encoder writes and this one does not; decimals are marked, to be written bare."""
    if isinstance(value, decimal.Decimal):
        return math.nan if value.is_nan() else f"\0{value}\0"
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def named(value):
    """Whether there are named tuples in it, which are objects in AWS's encoding."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            if hasattr(value, "_asdict"):
                return True
            waiting.extend(value)
    return False


def without_named(value):
    if isinstance(value, dict):
        return {key: without_named(each) for key, each in value.items()}
    if hasattr(value, "_asdict"):
        return without_named(value._asdict())
    if isinstance(value, (list, tuple)):
        return [without_named(each) for each in value]
    return value


def dumps(value):
    return json.dumps(value, ensure_ascii=current["ascii"], default=encode_more)


def marshal(result):
    if isinstance(result, bytes):
        return result
    try:
        text = dumps(result)  # also finds circles
        if named(result):
            text = dumps(without_named(result))
    except Exception as error:
        raise Failure("Runtime.MarshalError", f"Unable to marshal response: {error}")
    if "\\u0000" in text:
        text = DECIMALS.sub(r"\1", text)
    return text.encode("utf-8", "surrogatepass")


def invoke(handler, content):
    length = struct.unpack(">I", content[:4])[0]
    head = json.loads(content[4 : 4 + length])
    current["requestId"] = head["requestId"]
    current["tenantId"] = head.get("tenantId")
    if head.get("traceId"):
        os.environ["_X_AMZN_TRACE_ID"] = head["traceId"]
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    try:
        payload = content[4 + length :]
        try:
            event = json.loads(payload) if payload else {}
        except ValueError as error:
            raise Failure("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
        text = marshal(handler(event, Context(head)))
        if len(text) > MAX_RESPONSE:
            raise Failure(
                "Function.ResponseSizeTooLarge",
                f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes).",
            )
        sys.stdout.flush()
        sys.stderr.flush()
        send(b"O", text)
    except Exception as error:
        facts = describe(error)
        sys.stdout.flush()
        sys.stderr.flush()
        log_error(facts)
        send(b"E", json.dumps(facts).encode())
    finally:
        current["requestId"] = None


class Unheard:
    """Takes what is sent while the bootstrap warms up."""

    @staticmethod
    def sendall(frame):
        if frame[4:5] == b"E":
            raise RuntimeError("the bootstrap can't run a function")


def warm():
    """Loads and calls a function of its own, unheard, so that no function is the first."""
    global connection
    heard, connection = connection, Unheard
    variables, paths = dict(os.environ), list(sys.path)
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "warm")
    handler = init(
        {
            "handler": "freehold_warm.handler",
            "environment": {**variables, "LAMBDA_TASK_ROOT": root},
        }
    )
    head = json.dumps({"requestId": "warm", "functionArn": "", "deadline": 0}).encode()
    invoke(handler, struct.pack(">I", len(head)) + head + b'{"a": [1, "b", null]}')
    del sys.modules["freehold_warm"]
    sys.path[:] = paths
    os.environ.clear()
    os.environ.update(variables)
    os.chdir("/tmp")
    connection = heard


def main():
    sys.stdout = sys.stderr = Output()
    sys.argv = sys.argv[:1]
    handler = None
    warm()
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
