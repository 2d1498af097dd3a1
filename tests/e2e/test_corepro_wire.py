"""The CorePro dialect through a real server: targets, versions and bodies that no test client would send."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import ROOT

if TYPE_CHECKING:
    from tests.e2e.conftest import Installation, Server

pytestmark = pytest.mark.e2e

SAMPLE = ROOT / "src/comptoir/domain/banking/program/samples/example1.toml"
BASIC = f"Basic {b64encode(b'example1:example1').decode()}"
HOST = "sandbox-api.corepro.io"


def told(server: Server, head: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
    """The status line's number and the envelope of what a raw request is answered."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        lines = [head, f"Authorization: {BASIC}"]
        wire.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    top, _, content = answer.partition(b"\r\n\r\n")
    assert b"application/json; charset=utf-8" in top, top
    return int(top.split()[1]), json.loads(content)


def chunked(*parts: bytes) -> bytes:
    """A body in chunks, as one of the clients sends all of its bodies."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


@pytest.fixture
def server(installation: Installation) -> Server:
    installation.run("init", "--sandbox")
    installation.run("bank", "load", str(SAMPLE))
    installation.run("users", "api", "create", "example1", "--dialect", "corepro", "--password", "example1")
    return installation.serve()


def test_requests_as_only_real_clients_write_them(server: Server) -> None:
    gets = {
        # A proxy is asked for the whole address, and hands it on as it is.
        f"GET https://{HOST}/program/get HTTP/1.1\r\nHost: {HOST}",
        f"GET https://{HOST}:443//Program/GET/?x=1 HTTP/1.1\r\nHost: {HOST}:443",
        "GET //program/get/ HTTP/1.1\r\nHost: localhost",
        "GET /program/get HTTP/1.0",
        "GET /program/get HTTP/1.0\r\nHost: api.corepro.io",
    }
    for head in gets:
        status, envelope = told(server, head)
        assert (status, envelope["data"]["name"]) == (200, "Example1"), head
    status, envelope = told(server, f"GET / HTTP/1.1\r\nHost: {HOST}")
    assert (status, envelope["data"]) == (200, {"message": "Welcome to CorePro"})
    status, envelope = told(server, f"GET /products HTTP/1.1\r\nHost: {HOST}")
    assert (status, envelope["errors"][0]["code"]) == (404, 50404)
    status, envelope = told(server, f"BREW /program/get HTTP/1.1\r\nHost: {HOST}")
    assert (status, envelope["errors"][0]["code"]) == (405, 50405)


def test_the_log_knows_a_request_by_the_id_that_its_answer_tells(server: Server) -> None:
    # One client says an id of its own, and says it again with its next request: it is logged, and no more.
    own = "0b0e6f5c-5d0a-4f86-9f5b-6a2f9c1d7e11"
    head = f"GET /program/get HTTP/1.1\r\nHost: {HOST}\r\nX-CorePro-RequestId: {own}"
    _, earlier = told(server, head)
    _, envelope = told(server, head)
    assert len({own, earlier["requestId"], envelope["requestId"]}) == 3
    server.stop()
    (line,) = [line for line in server.lines() if line.get("request_id") == envelope["requestId"]]
    assert line["client_request_id"] == own
    assert (line["route"], line["status"], line["operator"]) == ("program.get", 200, "example1")


def test_bodies_as_only_real_clients_send_them(server: Server) -> None:
    head = f"POST //Customer/CREATE/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: text/plain"
    fields = {
        "FirstName": "Jo", "firstname": "Joey", "lastName": "McTester", "BIRTHDATE": "01/01/1985", "requestId": "x",
        "gender": "m", "culture": "en-US", "isSubjectToBackupWithholding": "false", "isOptedInToBankCommunication": 0,
        "isDocumentsAccepted": 1, "middleName": None, "taxId": 900000283,
    }  # fmt: skip
    whole = json.dumps(fields).encode()
    status, envelope = told(server, f"{head}\r\nTransfer-Encoding: chunked", chunked(whole[:7], whole[7:]))
    assert status == 200, envelope
    number = envelope["data"]["customerId"]
    status, envelope = told(server, f"GET /customer/get/{number}.0 HTTP/1.1\r\nHost: localhost")
    shown = envelope["data"]
    assert (shown["firstName"], shown["birthDate"]) == ("Joey", "1985-01-01T00:00:00.000+00:00")
    status, envelope = told(server, f"{head}\r\nContent-Length: 9", b'{"tag": 1')
    assert (status, envelope["errors"][0]["code"]) == (400, 59950)
    # What is larger than is read is refused before it is sent.
    status, envelope = told(server, f"{head}\r\nContent-Length: 52428800")
    assert (status, envelope["errors"][0]["code"]) == (400, 59900)
