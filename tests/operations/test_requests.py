from __future__ import annotations

import time
from base64 import b64encode

import falcon.testing
import pytest

from comptoir.dialects.edge import Edge
from comptoir.domain.clock import Chance
from comptoir.domain.events.queries import list_events
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.merchant.actions import found_merchant
from comptoir.domain.tx import Tx
from comptoir.operations.access import RequestIds, Watched
from comptoir.operations.asking import address_of
from comptoir.operations.logs import as_text
from tests.conftest import SECRET
from tests.operations.conftest import KEY, Running

BRAND = "name=Sparkle"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_every_answer_has_an_id_of_its_own(running: Running) -> None:
    ids = [
        running.ask(path).headers["X-Request-Id"]
        for path in ("/products", "/nowhere", "/healthz", "/feed/events")
    ]
    assert len(set(ids)) == 4


def test_a_given_id_is_kept_in_answer_log_and_events(running: Running) -> None:
    answer = running.ask(
        "/products/brands", "POST", body=BRAND, headers={**FORM, "X-Request-Id": "order-7/try:2"}
    )
    assert answer.status_code in {200, 201}, answer.text
    assert answer.headers["X-Request-Id"] == "order-7/try:2"
    assert running.lines()[-1]["request_id"] == "order-7/try:2"
    events = running.home.shop.read(lambda tx: list_events(tx, subject="brand"))
    assert [event.request_id for event in events] == ["order-7/try:2"]


@pytest.mark.parametrize("given", ["", "a b", "x\ty", "é", "a" * 129, "-first", 'a"b', "a{b"])
def test_an_id_that_could_forge_is_replaced(running: Running, given: str) -> None:
    assert RequestIds(Chance(seed=1)).taken_or_made(given) != given


def test_the_log_has_one_line_for_each_request_and_no_secret(running: Running) -> None:
    running.ask("/products?name=secretquery")
    running.ask("/products/12345", key="wrongkey")
    first, second = (line for line in running.lines() if line["event"] == "request")
    assert {name: first[name] for name in ("method", "path", "route", "status", "shop", "operator")} == {
        "method": "GET",
        "path": "/products",
        "route": "products.list",
        "status": 200,
        "shop": "test",
        "operator": "Ada",
    }
    assert first["bytes"] > 0
    assert first["ms"] > 0
    assert (second["status"], second["operator"]) == (401, "")
    for secret in ("secretquery", KEY, "wrongkey", "Bearer"):
        assert secret not in running.log.getvalue()


def test_a_line_for_people_cannot_be_forged() -> None:
    line = {
        "timestamp": "2026-01-01T12:00:00.123456Z",
        "level": "info",
        "event": "request",
        "path": "/a\nb\x1b[31m",
    }
    text = as_text(None, "info", line)
    assert text == "12:00:00.123 info    request path='/a\\nb\\x1b[31m'"


def test_a_fault_of_ours_is_found_in_the_log_by_its_id(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Edge, "_served", broken)
        answer = running.ask("/products")
    assert answer.status_code == 500
    assert "a bug" not in answer.text
    faults = [line for line in running.lines() if line["event"] == "fault"]
    assert [line["request_id"] for line in faults] == [answer.headers["X-Request-Id"]]
    assert "RuntimeError: a bug" in faults[0]["exception"]


def test_the_last_net_catches_what_falls_through(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Edge, "handle", broken)
        answer = running.ask("/products")
    assert answer.status_code == 500
    assert "mistake" in answer.json["error"]
    assert running.lines()[-1]["status"] == 500


def test_requests_are_counted_by_dialect_route_and_class(running: Running) -> None:
    for path in ("/products", "/products", "/products/77", "/nowhere", "/feed/events"):
        running.ask(path)
    text = running.ask("/metrics", key=None).text
    for line in (
        'comptoir_requests_total{dialect="coredna",route="products.list",status="2xx"} 2.0',
        'comptoir_requests_total{dialect="coredna",route="products.get",status="4xx"} 1.0',
        'comptoir_requests_total{dialect="coredna",route="none",status="4xx"} 1.0',
        'comptoir_requests_total{dialect="feed",route="feed.events",status="2xx"} 1.0',
        'comptoir_request_seconds_count{dialect="coredna",route="products.list"} 2.0',
    ):
        assert line in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/products", "/feed/events", "/nowhere"])
def test_head_is_get_without_its_body(running: Running, path: str) -> None:
    got, headed = running.ask(path), running.ask(path, "HEAD")
    assert headed.status_code == got.status_code
    assert headed.content == b""


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "FOO"])
@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"Authorization": f"Bearer {KEY}"}, 405)])
def test_an_unheard_of_verb_is_refused_after_the_key(
    running: Running, method: str, headers: dict[str, str], status: int
) -> None:
    env = falcon.testing.create_environ("/products", headers=headers) | {"REQUEST_METHOD": method}
    seen: list[str] = []
    b"".join(running.served.wsgi(env, lambda status, *_: seen.append(status)))
    assert int(seen[0][:3]) == status
    assert running.lines()[-1]["status"] == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_only_tells_is_only_read(running: Running, path: str) -> None:
    answer = running.ask(path, "POST")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("remote", "address"),
    [("10.0.0.1", "10.0.0.1"), ("10.0.0.1:80", "10.0.0.1"), ("[::1]:80", "::1"), ("::1", "::1"), ("", "")],
)
def test_the_address_is_told_without_its_port(remote: str, address: str) -> None:
    assert address_of(remote) == address


def test_watching_costs_little(running: Running) -> None:
    """Name, count and log a request: under a tenth of a millisecond, and that generously."""

    def quiet(_env: object, start: object) -> list[bytes]:
        start("200 OK", [("Content-Length", "2")])  # type: ignore[operator]
        return [b"ok"]

    watched = Watched(quiet, RequestIds(Chance()), running.served.measures, logs=True)
    best = 1.0
    for _ in range(20):
        started = time.perf_counter()
        for _ in range(50):
            watched({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None)
        best = min(best, (time.perf_counter() - started) / 50)
    assert best < 0.0005


@pytest.mark.parametrize(
    "path",
    [
        "/products", "/products/77", "/nowhere", "/api/products/list_products", "/api/nothing", "/program/get",
        "/feed/events", "/healthz", "/metrics", "/docs", "/docs/coredna", "/openapi/coredna.json",
        "/checkout/purchase", "/checkout/api/2co.min.js", "/checkout/api/1/1/rs/authService", "/static/nothing.png",
        "/console", "/console/sign-in", "/console/static/console.js", "/console/nowhere",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_answer_is_guessed_at(running: Running, path: str, method: str) -> None:
    headers = running.ask(path, method).headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_last_net_is_not_guessed_at_either(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Edge, "handle", broken)
        assert running.ask("/products").headers["X-Content-Type-Options"] == "nosniff"


def test_an_outline_may_do_nothing_in_a_browser(running: Running) -> None:
    def found(tx: Tx) -> None:
        found_merchant(tx)
        create_api_user(
            tx,
            operator_id=1,
            name="till",
            password="a long password",
            dialect="twocheckout",
            may_update=False,
            secret=SECRET,
        )

    running.home.shop.write(found)
    told = f"Basic {b64encode(b'till:a long password').decode()}"
    for path, status in (
        ("/api/acct/detail_company_info", 200),
        ("/api/sales/detail_sale", 400),
        ("/api/no", 404),
    ):
        asked = {"Authorization": told, "Accept": "text/html"}
        outline = running.ask(path, key=None, headers=asked)
        assert (outline.status_code, outline.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert outline.headers["Content-Security-Policy"] == "default-src 'none'"
        plain = running.ask(path, key=None, headers=asked | {"Accept": "application/json"})
        assert "Content-Security-Policy" not in plain.headers
    stranger = running.ask("/api/acct/detail_company_info", key=None, headers={"Accept": "text/html"})
    assert (stranger.status_code, "Content-Security-Policy" in stranger.headers) == (401, True)
