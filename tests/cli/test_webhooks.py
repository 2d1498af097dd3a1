from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Run
from tests.domain.webhooks.given import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.stop()


@pytest.fixture
def open_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands in a shop that may send to this machine."""
    monkeypatch.setenv("COMPTOIR_ALLOW_PRIVATE_URLS", "true")
    return run


def test_an_endpoint_comes_changes_and_goes(run: Run) -> None:
    assert "add URL" in run("webhooks", "endpoints").out
    made = run(
        "webhooks", "add", "https://shop.example/hooks", "--only", "order.*", "--only", "x.y", "--json"
    )
    assert made.told["secret"].startswith("whsec_")
    changed = run("webhooks", "change", "1", "--url", "https://shop.example/new", "--inactive", "--json")
    (row,) = changed.told
    assert (row["url"], row["is_active"], row["kinds"]) == (
        "https://shop.example/new",
        False,
        ["order.*", "x.y"],
    )
    rotated = run("webhooks", "rotate", "1", "--hours", "2", "--json")
    assert rotated.told["secret"] != made.told["secret"]
    listed = run("webhooks", "endpoints", "--json")
    assert "whsec_" not in listed.out
    assert run("webhooks", "remove", "1", "--json").told["ended"] >= 0
    assert run("webhooks", "endpoints", "--json").told == []
    assert run("webhooks", "remove", "1").err == "comptoir: there is no endpoint 1\n"


def test_what_cannot_be_told(run: Run) -> None:
    assert run("webhooks", "add", "nowhere").err == "comptoir: url must be an http or https address\n"
    assert (
        "must be among ORDER_CREATED"
        in run("webhooks", "add", "https://a.example/", "--ins", "--only", "x.y").err
    )
    assert run("webhooks", "deliveries", "--state", "lost").code == 2
    assert run("webhooks", "attempts", "7").err == "comptoir: there is no delivery 7\n"


def test_what_happened_is_delivered_resent_and_replayed(open_run: Run, listener: Listener) -> None:
    run = open_run
    run("webhooks", "add", listener.url, "--only", "operator.*")
    run("users", "create", "ada@example.com")
    (waiting,) = run("webhooks", "deliveries", "--state", "pending", "--json").told
    assert run("worker", "--once", "--json").told["deliveries"] == 1
    (tried,) = run("webhooks", "attempts", str(waiting["id"]), "--json").told
    assert tried["status"] == 200
    again = run("webhooks", "resend", str(waiting["id"]), "--json").told
    assert (again["state"], again["repeats_id"], again["last"]["status"]) == (
        "delivered",
        waiting["id"],
        200,
    )
    replayed = run("webhooks", "replay", "1", "--from", "1", "--to", "1000", "--json").told
    assert replayed["queued"] >= 2, "also what happened before there was an endpoint"
    run("worker", "--once", "--json")
    kinds = [heard.event["type"] for heard in listener.heard]
    assert kinds.count("operator.created") >= 3
    assert "is delivered: 200" in run("webhooks", "ping", "1").out


def test_a_ping_tells_what_is_answered(open_run: Run, listener: Listener) -> None:
    open_run("webhooks", "add", listener.url, "--ins")
    listener.answer = lambda _heard: 404
    told = open_run("webhooks", "ping", "1").out
    assert "is pending: was answered with status 404" in told
    assert listener.heard[0].form["message_type"] == "PING"
