from __future__ import annotations

import pytest

from tests.operations.conftest import WRITE_KEY, Running


def happen(running: Running, count: int) -> None:
    for _ in range(count):
        running.home.shop.write(lambda tx: tx.note("shop.updated", "shop", 1))


def test_the_feed_is_read_page_by_page_to_its_end(running: Running) -> None:
    happen(running, 5)
    seen: list[int] = []
    path = "/feed/events?limit=3"
    while True:
        answer = running.ask(path)
        assert answer.status_code == 200
        if not answer.json["events"]:
            break
        seen += [event["seq"] for event in answer.json["events"]]
        path = answer.json["next"]
    assert seen == list(range(1, answer.json["last_seq"] + 1))


def test_an_event_tells_what_changed_and_by_whom(running: Running) -> None:
    running.ask(
        "/products/brands",
        "POST",
        body="name=Sparkle",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    event = running.ask("/feed/events?subject=brand").json["events"][0]
    assert (event["kind"], event["actor"], event["dialect"]) == ("brand.created", "Ada", "coredna")
    assert event["after"]["name"] == "Sparkle"
    assert event["at"].endswith("+00:00")


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=99999999999999999999",
        "limit=0",
        "limit=1001",
        "limit=1.5",
        "since=1",
        "after=٣",
    ],
)
def test_a_wrong_parameter_is_named(running: Running, query: str) -> None:
    answer = running.ask(f"/feed/events?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json["error"]


def test_the_feed_asks_for_a_key_that_may_read(running: Running) -> None:
    stranger = running.ask("/feed/events", key=None)
    assert stranger.status_code == 401
    assert "Basic" in stranger.headers["WWW-Authenticate"]
    assert running.ask("/feed/events", key="wrong").status_code == 401
    assert running.ask("/feed/events", key=WRITE_KEY).status_code == 403


def test_the_feed_is_only_read(running: Running) -> None:
    answer = running.ask("/feed/events", "POST")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
