"""The manners of the vendors' clients on a real connection (2Checkout reference 1.2 to 1.4 and 10.2)."""

from __future__ import annotations

import json
import socket
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.conftest import Installation

pytestmark = pytest.mark.e2e
NAME, WORD = "APIuser1817037", "APIpass1817037"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Vendor:
    """A running server, spoken to as the clients do."""

    url: str

    def opened(self) -> socket.socket:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return socket.create_connection((host, int(port)), timeout=20)

    def ask(self, client: socket.socket, verb: str, call: str, body: bytes, *headers: str) -> tuple[int, Any]:
        """One request on an open connection, and its answer."""
        head = [
            f"{verb} /api/{call} HTTP/1.1",
            "Host: www.2checkout.com",
            "Accept: application/json",
            *headers,
        ]
        if body or verb == "POST":
            head.append(f"Content-Length: {len(body)}")
        client.sendall("\r\n".join([*head, "", ""]).encode())
        if any(header.startswith("Expect:") for header in headers):
            assert client.recv(4096).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        return answer_of(client)


def answer_of(client: socket.socket) -> tuple[int, Any]:
    with client.makefile("rb") as reader:
        status = int(reader.readline().split()[1])
        length = 0
        while (line := reader.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            assert name.lower() != "set-cookie"
            if name.lower() == "content-length":
                length = int(value)
        return status, json.loads(reader.read(length))


@pytest.fixture
def vendor(installation: Installation) -> Vendor:
    installation.run("init")
    installation.run("users", "api", "create", NAME, "--password", WORD)
    return Vendor(installation.serve().url)


def authorization() -> str:
    return f"Authorization: Basic {b64encode(f'{NAME}:{WORD}'.encode()).decode()}"


def test_a_client_that_waits_to_be_asked_sends_its_post_again(vendor: Vendor) -> None:
    passwords = urllib.request.HTTPPasswordMgr()
    passwords.add_password("2CO API", vendor.url, NAME, WORD)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPBasicAuthHandler(passwords)
    )
    opener.addheaders = [("Accept", "application/json"), ("User-agent", "2Checkout Python/0.1.0/%s")]
    made = urlencode({"name": "Python Example Product", "price": 2.0}).encode()
    with opener.open(f"{vendor.url}/api/products/create_product", made, timeout=20) as answer:
        document = json.load(answer)
    assert document["response_message"] == "Product successfully created."
    asked = urlencode({"product_id": document["product_id"], "name": "any"}).encode()
    with opener.open(f"{vendor.url}/api/products/detail_product", asked, timeout=20) as answer:
        assert json.load(answer)["product"]["price"] == "2.00"


@pytest.mark.parametrize("ending", ["keep-alive", "close"])
def test_a_stranger_is_challenged_after_the_body_was_read(vendor: Vendor, ending: str) -> None:
    body = b"sale_comment=" + b"x" * 300_000
    with vendor.opened() as client:
        for _ in range(1 if ending == "close" else 3):
            status, document = vendor.ask(
                client, "POST", "sales/create_comment", body, f"Content-Type: {FORM}", f"Connection: {ending}"
            )
            assert (status, document["errors"][0]["code"]) == (401, "FORBIDDEN")
        if ending == "close":
            assert client.recv(1) == b""


def test_a_client_may_wait_for_leave_to_send_and_encode_nothing(vendor: Vendor) -> None:
    with vendor.opened() as client:
        status, document = vendor.ask(
            client, "POST", "products/create_product",
            b"name=C++ now& 50% off&price=1,50&description=a@b.c: d/e&tangible=0",
            f"Content-Type: {FORM}", "Expect: 100-continue", authorization(),
        )  # fmt: skip
        assert status == 200, document
        shown = vendor.ask(
            client, "GET", f"products/detail_product?product_id={document['product_id']}", b"",
            "Content-Type: */*", authorization(),
        )[1]["product"]  # fmt: skip
    assert (shown["name"], shown["price"], shown["description"]) == ("C++ now", "1.50", "a@b.c: d/e")


def test_a_read_may_be_a_post_without_content_or_in_parts(vendor: Vendor) -> None:
    boundary = "----------------------------83ff53821b7c"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="pagesize"\r\n\r\n2\r\n--{boundary}--\r\n'
    with vendor.opened() as client:
        for body, label in (
            (b"", FORM),
            (part.encode(), f"multipart/form-data; boundary={boundary}"),
            (b"pagesize=2", "application/json"),
        ):
            status, document = vendor.ask(
                client, "POST", "acct/detail_company_info", body, f"Content-Type: {label}", authorization()
            )
            assert (status, document["response_code"]) == (200, "OK")
        status, document = vendor.ask(client, "GET", "acct/detail_company_info?", b"", authorization())
        assert status == 200


def test_requests_that_come_in_pieces_or_without_a_length_are_read(vendor: Vendor) -> None:
    body = b"10\r\nname=Chunked&pri\r\n6\r\nce=2.5\r\n0\r\n\r\n"
    head = (
        "POST /api/products/create_product HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
        f"Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n{authorization()}\r\n\r\n"
    )
    with vendor.opened() as client:
        client.sendall(head.encode() + body)
        status, document = answer_of(client)
    assert (status, document["response_message"]) == (200, "Product successfully created.")
