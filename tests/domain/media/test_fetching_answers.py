"""The guarded fetcher against servers that fail, lie, flood, drip or hide behind another name."""

import gzip
import ssl
import threading
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher
from tests.domain.media.web import LOCAL, MIB, TOO_SLOW, Server, refusal, reply

# Answers.


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 410, 429, 500, 503])
def test_an_answer_that_is_no_success_is_refused(server: Server, status: int) -> None:
    server.pages["/a"] = reply(b"sorry" * (status != 304), status)
    assert refusal(server.url("/a")) == f"was answered with status {status}"


def test_a_redirect_to_nowhere_is_refused(server: Server) -> None:
    server.pages["/a"] = reply(status=302)
    assert refusal(server.url("/a")) == "was answered with status 302"


def test_a_port_on_which_nobody_listens_is_refused() -> None:
    server = Server()
    server.stop()
    assert refusal(server.url("/a")) == "cannot be reached"


@pytest.mark.parametrize("length", ["5368709120", ""])
def test_a_stream_of_5_gb_is_left_early(server: Server, length: str) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        reply(content_length=length)(call)
        server.pour(call, b"x" * 65536)

    server.pages["/a"] = page
    assert refusal(server.url("/a")) == "is larger than 10485760 bytes"
    assert server.sent < 50 * MIB


def test_chunks_without_end_are_left_early(server: Server) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        reply(transfer_encoding="chunked", content_length="")(call)
        server.pour(call, b"10000\r\n" + b"x" * 65536 + b"\r\n")

    server.pages["/a"] = page
    assert refusal(server.url("/a")) == "is larger than 10485760 bytes"
    assert server.sent < 50 * MIB


def test_a_body_shorter_than_it_says_is_refused(server: Server) -> None:
    server.pages["/a"] = reply(b"half", content_length="8")
    server.pages["/chunks"] = reply(b"8\r\nhalf", transfer_encoding="chunked", content_length="")
    server.pages["/packed"] = reply(gzip.compress(b"whole" * 99)[:-12], content_encoding="gzip")
    for path in server.pages:
        assert refusal(server.url(path)) == "ended before the file was complete"


def test_a_small_body_that_unpacks_to_a_gigabyte_is_refused(server: Server) -> None:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(MIB)
    bomb = b"".join(packer.compress(zeros) for _ in range(64)) + packer.flush()
    assert len(bomb) < MIB
    server.pages["/a"] = reply(bomb, content_encoding="gzip")
    assert refusal(server.url("/a")) == "is larger than 10485760 bytes"


def test_what_follows_a_packed_body_counts_too(server: Server) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        reply(content_encoding="gzip", content_length="")(call)
        call.wfile.write(gzip.compress(b"small"))
        server.pour(call, b"x" * 65536)

    server.pages["/a"] = page
    assert refusal(server.url("/a")) == "is larger than 10485760 bytes"


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [("gzip", "is packed wrongly"), ("br", "is packed in a way that was not asked for")],
)
def test_a_body_that_cannot_be_unpacked_is_refused(server: Server, encoding: str, reason: str) -> None:
    server.pages["/a"] = reply(b"not packed at all", content_encoding=encoding)
    assert refusal(server.url("/a")) == reason


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000,
        b"",
    ],
)
def test_an_answer_that_is_no_http_is_refused(server: Server, raw: bytes) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        call.wfile.write(raw)

    server.pages["/a"] = page
    assert refusal(server.url("/a")) == "ended before the file was complete"


@pytest.mark.parametrize("part", ["body", "headers", "interim", "nothing"])
def test_a_server_that_drips_does_not_hold_us(server: Server, part: str) -> None:
    stop = threading.Event()

    def page(call: BaseHTTPRequestHandler) -> None:
        if part == "body":
            reply(content_length="100000")(call)
        elif part == "headers":
            call.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        drop = {"nothing": b"", "interim": b"HTTP/1.1 102 Processing\r\n\r\n"}.get(part, b"x")
        while not stop.wait(0.05):
            call.wfile.write(drop)
            call.wfile.flush()

    server.pages["/a"] = page
    started = time.monotonic()
    assert refusal(server.url("/a"), replace(LOCAL, timeout_seconds=0.5)) == TOO_SLOW
    assert time.monotonic() - started < 3
    stop.set()


def test_the_deadline_is_for_all_redirects_together(server: Server) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        reply(status=302, location="/a")(call)

    server.pages["/a"] = page
    assert refusal(server.url("/a"), replace(LOCAL, timeout_seconds=0.5, max_redirects=9)) == TOO_SLOW


# TLS.


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for pictures.example, and a client's that trusts just it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pictures.example")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=20_000))
        .not_valid_after(now + timedelta(days=20_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("pictures.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(file)
    return ours, ssl.create_default_context(cadata=pem.decode())


def test_tls_is_by_name_though_the_connection_is_by_address(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    asked_names: list[str] = []
    contexts[0].sni_callback = lambda _socket, name, _context: asked_names.append(name)
    server = Server(contexts[0])
    server.pages["/a"] = reply(b"a")
    fetcher = Fetcher(LOCAL, resolve=lambda *_: ["127.0.0.1"], tls=contexts[1])
    good = fetcher.fetch(f"https://pictures.example:{server.port}/a")
    with pytest.raises(FetchRefused, match="cannot be reached"):
        fetcher.fetch(f"https://other.example:{server.port}/a")
    with pytest.raises(FetchRefused, match="cannot be reached"):
        Fetcher(LOCAL, resolve=lambda *_: ["127.0.0.1"]).fetch(f"https://pictures.example:{server.port}/a")
    server.stop()
    assert good.content == b"a"
    assert asked_names == ["pictures.example", "other.example", "pictures.example"]
    assert len(server.asked) == 1


def test_a_server_without_tls_is_refused_by_https(server: Server) -> None:
    assert refusal(f"https://127.0.0.1:{server.port}/a") == "cannot be reached"
