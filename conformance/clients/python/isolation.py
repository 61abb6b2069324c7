"""What functions run in, by boto3: images, ways out, and folders that they share. Each command is one
of the functions below whose names don't begin with an underscore; it prints JSON: what it saw."""

import gzip
import hashlib
import io
import json
import pathlib
import platform
import socket
import sys
import tarfile

from botocore.exceptions import WaiterError

from functions import _CLIENT, _create, _invoke, _refusal, _role

_SHARE = "arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/"

# Connects by the proxy that the function is told, and without it.
_VISITOR = """
import os, socket, urllib.request

def through(host):
    proxy = os.environ['HTTPS_PROXY'].removeprefix('http://').split(':')
    with socket.create_connection((proxy[0], int(proxy[1])), 5) as s:
        s.settimeout(20)
        s.sendall(f'CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n'.encode())
        said = s.makefile('rb').read().decode()
    return said.split(' ')[1], said.rpartition('\\r\\n')[2]

def direct(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        return 'connected'
    except OSError:
        return 'refused'

def handler(event, context):
    return {
        'proxy': 'HTTPS_PROXY' in os.environ,
        'through': {host: through(host) for host in event.get('through', [])},
        'direct': [direct(*target) for target in event['direct']],
    }
"""

_WRITER = """
def handler(event, context):
    with open('/mnt/shared/said', 'w') as file:
        file.write(event)
"""

_READER = """
def handler(event, context):
    with open('/mnt/files/said') as file:
        return file.read()
"""


def _tar(files):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as out:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o755
            out.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def _digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _archive(file, files, process, spoil=b""):
    """Writes a tar of an OCI layout whose only layer has these files."""
    blobs = {}

    def blob(content, kind):
        blobs["blobs/" + _digest(content).replace(":", "/")] = content
        media = "application/vnd.oci.image." + kind
        return {"mediaType": media, "digest": _digest(content), "size": len(content)}

    def document(value, kind):
        return blob(json.dumps(value).encode(), kind)

    layer = _tar(files)
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    config = document({
        "os": "linux",
        "architecture": architecture,
        "config": process,
        "rootfs": {"type": "layers", "diff_ids": [_digest(layer + spoil)]},
    }, "config.v1+json")
    manifest = document({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [blob(gzip.compress(layer), "layer.v1.tar+gzip")],
    }, "manifest.v1+json")
    index = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    file.write_bytes(_tar({
        "oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": index, **blobs}))


def _of_image(name, image, **more):
    return _CLIENT.create_function(
        FunctionName=name, PackageType="Image", Role=_role(), Code={"ImageUri": image}, **more)


def _wait(waiter, name):
    """The state that a function comes to, and why."""
    try:
        _CLIENT.get_waiter(waiter).wait(FunctionName=name)
    except WaiterError:
        pass
    is_ = _CLIENT.get_function(FunctionName=name)["Configuration"]
    return [is_["State"], is_.get("StateReasonCode"), is_.get("LastUpdateStatus"),
            is_.get("LastUpdateStatusReasonCode")]


def _program(name, program, folder, commands):
    """Archives of images that run a program, by its first argument."""
    for command in commands:
        _archive(pathlib.Path(folder) / f"{name}{command}.tar",
                 {"app/function": pathlib.Path(program).read_bytes()},
                 {"Entrypoint": ["/app/function"], "Cmd": [command or "first"]},
                 b"other" if command == "-spoiled" else b"")


def images(program, folder):
    """A function that is an image, and another image for it."""
    _program("image", program, folder, ["", "-second"])
    created = _of_image("image", "oci-archive:image.tar")
    active = _wait("function_active_v2", "image")
    first = _invoke("image", Payload=b'{"a": 1}')
    code = _CLIENT.get_function(FunctionName="image")["Code"]
    _CLIENT.update_function_code(FunctionName="image", ImageUri="oci-archive:image-second.tar")
    updated = _wait("function_updated_v2", "image")
    second = _invoke("image", Payload=b"{}")
    _CLIENT.update_function_configuration(
        FunctionName="image", ImageConfig={"Command": ["own"], "WorkingDirectory": "/app"})
    _wait("function_updated_v2", "image")
    own = _invoke("image", Payload=b"{}")
    return {
        "created": [created["State"], created["PackageType"], created.get("Runtime")],
        "active": active,
        "first": [first["argument"], first["event"]],
        "code": [code["RepositoryType"], code["ImageUri"], "@sha256:" in code["ResolvedImageUri"]],
        "updated": updated,
        "second": second["argument"],
        "own": [own["argument"], own["cwd"]],
    }


def spoiled(program, folder):
    """Images that can't be used."""
    _program("only", program, folder, ["-spoiled"])
    _of_image("spoiled", "oci-archive:only-spoiled.tar")
    return {
        "created": _wait("function_active_v2", "spoiled"),
        "refused": _refusal(_invoke, "spoiled"),
        "missing": _refusal(_of_image, "missing", "oci-archive:missing.tar"),
    }


def kept(program, folder):
    """An image that can't be used, for a function that runs."""
    _program("kept", program, folder, ["", "-second", "-spoiled"])
    _of_image("kept", "oci-archive:kept.tar")
    _wait("function_active_v2", "kept")
    _CLIENT.update_function_code(FunctionName="kept", ImageUri="oci-archive:kept-spoiled.tar")
    state = _wait("function_updated_v2", "kept")
    still = _invoke("kept", Payload=b"{}")
    uri = _CLIENT.get_function(FunctionName="kept")["Code"]["ImageUri"]
    _CLIENT.update_function_code(FunctionName="kept", ImageUri="oci-archive:kept-second.tar")
    return {
        "state": state,
        "still": still["argument"],
        "uri": uri,
        "repaired": _wait("function_updated_v2", "kept"),
        "then": _invoke("kept", Payload=b"{}")["argument"],
    }


def egress():
    """Where functions with the tag get to. Names that end in .invalid lead nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        return _egress([["127.0.0.1", service.getsockname()[1]], ["192.0.2.1", 443]])


def _egress(targets):
    _create("nowhere", _VISITOR, Timeout=30, Tags={"freehold:egress": "none"})
    _create("somewhere", _VISITOR, Timeout=30, Tags={"freehold:egress": "a.invalid .b.invalid"})
    early = _CLIENT.update_function_configuration(FunctionName="somewhere", Timeout=20)
    for hosts in "d.invalid", "a.invalid .b.invalid":
        _CLIENT.tag_resource(Resource=early["FunctionArn"], Tags={"freehold:egress": hosts})
    _CLIENT.get_waiter("function_updated_v2").wait(FunctionName="somewhere")
    asked = json.dumps({"through": ["a.invalid", "x.b.invalid", "c.invalid"], "direct": targets})
    nowhere = _invoke("nowhere", Payload=json.dumps({"direct": targets}))
    somewhere = _invoke("somewhere", Payload=asked)
    _CLIENT.tag_resource(Resource=early["FunctionArn"], Tags={"freehold:egress": "c.invalid"})
    changed = _invoke("somewhere", Payload=asked)
    wrong = _refusal(_create, "wrong", _VISITOR, Tags={"freehold:egress": "https://a.invalid/"})
    return {"nowhere": nowhere, "somewhere": somewhere, "changed": changed, "wrong": wrong}


def mounts(name):
    """What one function writes and another reads."""
    def at(path, share=name):
        return [{"Arn": _SHARE + share, "LocalMountPath": path}]

    _create("writer", _WRITER, FileSystemConfigs=at("/mnt/shared"))
    _create("reader", _READER)
    configured = _CLIENT.update_function_configuration(
        FunctionName="reader", FileSystemConfigs=at("/mnt/files"))
    _CLIENT.get_waiter("function_updated_v2").wait(FunctionName="reader")
    _invoke("writer", Payload=b'"hello"')
    return {
        "configured": configured["FileSystemConfigs"],
        "read": _invoke("reader"),
        "unknown": _refusal(
            _create, "other", _READER, FileSystemConfigs=at("/mnt/x", "fsap-00000000000000000")),
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
