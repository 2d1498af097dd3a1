from __future__ import annotations

import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher, FetchRules
from tests.domain.media.web import LOCAL, NOT_PUBLIC, TOO_SLOW, Server, reply

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_body_is_sent_and_the_answer_given(server: Server) -> None:
    server.pages["/ins"] = reply(b"thanks", 201)
    answered = Fetcher(LOCAL).post(server.url("/ins"), b"a=1&b=%20", FORM)
    assert (answered.status, answered.beginning) == (201, b"thanks")
    assert server.posted == [b"a=1&b=%20"]
    ((path, headers),) = server.asked
    assert path == "/ins"
    assert headers["content-type"] == FORM["Content-Type"]
    assert headers["content-length"] == "9"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(server: Server, status: int) -> None:
    server.pages["/here"] = reply(b"", status, location=server.url("/there"))
    assert Fetcher(LOCAL).post(server.url("/here"), b"x", FORM).status == status
    assert [path for path, _ in server.asked] == ["/here"]


def test_a_fault_of_the_server_is_an_answer(server: Server) -> None:
    server.pages["/"] = reply(b"broken", 500)
    assert Fetcher(LOCAL).post(server.url("/"), b"x", FORM).status == 500


def test_only_the_beginning_of_an_endless_answer_is_read(server: Server) -> None:
    def endless(call: BaseHTTPRequestHandler) -> None:
        call.send_response(200)
        call.end_headers()
        server.pour(call, b"x" * 65536)

    server.pages["/"] = endless
    answered = Fetcher(LOCAL).post(server.url("/"), b"x", FORM)
    assert (answered.status, answered.beginning) == (200, b"x" * 500)
    assert server.sent < 20 * 2**20


def test_what_was_answered_counts_though_its_text_does_not_end(server: Server) -> None:
    def hesitant(call: BaseHTTPRequestHandler) -> None:
        call.send_response(200)
        call.send_header("Content-Length", "10")
        call.end_headers()
        call.wfile.write(b"well")
        call.wfile.flush()
        time.sleep(0.6)

    server.pages["/"] = hesitant
    answered = Fetcher(replace(LOCAL, timeout_seconds=0.3)).post(server.url("/"), b"x", FORM)
    assert (answered.status, answered.beginning) == (200, b"well")


def test_who_does_not_answer_in_time_is_left(server: Server) -> None:
    server.pages["/"] = lambda call: time.sleep(0.6)
    assert sent_in_vain(server.url("/"), replace(LOCAL, timeout_seconds=0.2)) == TOO_SLOW


def test_who_closes_without_an_answer_has_not_answered(server: Server) -> None:
    server.pages["/"] = lambda call: None
    assert "complete" in sent_in_vain(server.url("/"), LOCAL)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.com/", "is not an http or https URL"),
        ("http://ada:secret@example.com/", "holds a user name or password"),
        ("http://169.254.169.254/", NOT_PUBLIC),
        ("http://127.0.0.1:9/", NOT_PUBLIC),
    ],
)
def test_nothing_is_sent_where_nothing_may_be_fetched(url: str, reason: str) -> None:
    assert sent_in_vain(url, FetchRules(timeout_seconds=5)) == reason


def sent_in_vain(url: str, rules: FetchRules) -> str:
    with pytest.raises(FetchRefused) as caught:
        Fetcher(rules).post(url, b"x", FORM)
    return caught.value.reason
