"""Webhooks and deliveries: endpoints are made, changed and removed; what fails is seen, mended and sent again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comptoir.chores.deliveries import deliver_due
from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import NotFound
from comptoir.domain.events.queries import last_seq, list_events
from comptoir.domain.tx import OpenShop
from comptoir.domain.webhooks.queries import get_endpoint, list_endpoints
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.webhooks.given import Clock, Listener, endpoint, happen, queued, served, telling

HOSTILE = "<img src=x onerror=alert(1)>"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path, clock: Clock) -> ServedShop:
    return served(telling(shop, clock), tmp_path)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.stop()


def shown_secret(paper: Paper) -> str:
    return str(paper.tree.xpath("//code[@class='shown-once'][starts-with(text(), 'whsec_')]/text()")[0])


def test_a_webhook_is_made_and_its_secret_shown_once(shop: OpenShop, visitor: Visitor) -> None:
    paper = visitor.fill(
        "/webhooks/new",
        "/webhooks/new",
        url="https://example.com/told",
        description=HOSTILE,
        whole_selling=["refund.*"],
        whole_people=["customer.*"],
        kinds="order.placed\n\n order.split ",
    )
    assert paper.status == 200
    made = shop.read(lambda tx: get_endpoint(tx, 1))
    assert shown_secret(paper) == made.secret
    assert made.kinds == ["refund.*", "customer.*", "order.placed", "order.split"]
    page = visitor.get("/webhooks/1")
    assert made.secret not in page.text
    assert HOSTILE in page.main
    wanted = ", ".join(made.kinds)
    row = visitor.get("/webhooks").rows[0]
    assert row[:5] == ["https://example.com/told", "signed webhook", wanted, "active", HOSTILE]
    event = next(one for one in shop.read(list_events) if one.kind == "endpoint.created")
    assert (event.actor, event.dialect, event.operator_id) == ("Ada", "console", 1)
    assert made.secret not in str(event)


def test_ones_own_secret_is_taken_and_not_shown(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done("/webhooks/new", "/webhooks/new", url="https://example.com/", secret=SECRET)
    assert SECRET not in page.text
    assert shop.read(lambda tx: get_endpoint(tx, 1)).secret == SECRET


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"url": "ftp://example.com"}, "must be an http or https address"),
        ({"url": "https://a:b@example.com"}, "must not hold a user name or password"),
        ({"url": ""}, "must not be empty"),
        ({"url": "https://example.com", "kinds": "nothing at all"}, "must be kinds of events"),
        ({"url": "https://example.com", "secret": "short"}, "must be whsec_"),
        ({"url": "https://example.com", "whole_house": ["robbery.*"]}, "must be one of the choices"),
        ({"url": "https://example.com", "description": "x" * 300}, "is longer than 255 characters"),
    ],
)
def test_what_cannot_be_taken_is_said_and_makes_nothing(
    shop: OpenShop, visitor: Visitor, typed: dict[str, Any], problem: str
) -> None:
    page = visitor.get("/webhooks/new")
    csrf = page.form("/webhooks/new").fields["csrf"]
    refused = visitor.post("/console/webhooks/new", {"csrf": csrf, **typed})
    assert refused.status == 422
    assert any(problem in one for one in refused.problems)
    assert shop.read(list_endpoints) == []


def test_ins_messages_are_sent_by_type(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/webhooks/new-ins", "/webhooks/new-ins", url="https://example.com/ins", messages=["REFUND_ISSUED"]
    )
    assert "INS messages" in page.main
    made = shop.read(lambda tx: get_endpoint(tx, 1))
    assert (made.kind, made.kinds, made.secret) == ("ins", ["REFUND_ISSUED"], "")
    assert all("/rotate" not in (form.action or "") for form in page.tree.forms)
    csrf = page.form("/update").fields["csrf"]
    refused = visitor.post("/console/webhooks/1/rotate", {"csrf": csrf, "grace": "1"})
    assert refused.status == 422
    assert "takes INS messages" in refused.problems[0]
    visitor.done("/webhooks/1", "/update", messages=None)
    assert shop.read(lambda tx: get_endpoint(tx, 1)).kinds == []


def test_a_webhook_is_changed_paused_and_resumed(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, "https://example.com/", kinds=["order.placed", "refund.*"])
    visitor.done("/webhooks/1", "/update", url="https://example.org/", kinds="order.split")
    changed = shop.read(lambda tx: get_endpoint(tx, 1))
    assert (changed.url, changed.kinds) == ("https://example.org/", ["refund.*", "order.split"])
    assert "paused" in visitor.done("/webhooks/1", "/pause").main
    assert not shop.read(lambda tx: get_endpoint(tx, 1)).is_active
    assert "active" in visitor.done("/webhooks/1", "/resume").main
    assert shop.read(lambda tx: get_endpoint(tx, 1)).is_active


def test_the_second_of_two_tabs_is_told(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, "https://example.com/")
    mine = visitor.get("/webhooks/1")
    visitor.done("/webhooks/1", "/update", url="https://example.org/")
    told = visitor.fill(mine, "/update", description="mine")
    assert told.status == 422
    assert "changed meanwhile" in " ".join(told.problems)
    assert shop.read(lambda tx: get_endpoint(tx, 1)).description == ""


def test_a_secret_is_rotated_with_grace(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop)
    old = shop.read(lambda tx: get_endpoint(tx, 1)).secret
    for hours in ("-1", "721", "9" * 18, "x"):
        assert visitor.fill("/webhooks/1", "/rotate", grace=hours).status == 422
    assert shop.read(lambda tx: get_endpoint(tx, 1)).secret == old
    paper = visitor.fill("/webhooks/1", "/rotate", grace="48")
    now = shop.read(lambda tx: get_endpoint(tx, 1))
    assert shown_secret(paper) == now.secret != old
    assert now.previous_secret == old
    page = visitor.get("/webhooks/1")
    assert "Old secret signs until2026-03-03" in page.main
    assert not {old, now.secret} & set(page.text.split())


def test_a_webhook_is_removed_with_what_waits(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, kinds=["sale.*"])
    happen(shop)
    page = visitor.done("/webhooks/1", "/remove")
    assert "1 message that waited for it is given up." in page.main
    with pytest.raises(NotFound):
        shop.read(lambda tx: get_endpoint(tx, 1))
    assert visitor.get("/webhooks/1").status == 404
    kept = visitor.get("/deliveries/1")
    assert "(removed)" in kept.main
    assert all("/resend" not in (form.action or "") for form in kept.tree.forms)


def test_a_broken_endpoint_is_seen_mended_and_sent_to_again(
    home: ServedShop, shop: OpenShop, visitor: Visitor, listener: Listener, clock: Clock
) -> None:
    listener.answer = lambda _heard: 500
    endpoint(shop, listener.url, kinds=["sale.placed"])
    happen(shop)
    assert deliver_due(home) == 0
    trouble = visitor.get("/deliveries?state=retried")
    assert [row[:5] for row in trouble.rows] == [["sale placed", "sale 46", "webhook 1", "retrying", "1"]]
    page = visitor.get("/deliveries/1")
    assert page.rows[0][1] == "500"
    assert page.rows[0][3] == "was answered with status 500"
    assert '"subject_id": 46' in page.main
    assert "webhook-idevt_" in page.main
    listener.answer = lambda _heard: 200
    visitor.done(page, "/resend")
    assert deliver_due(home) == 1
    page = visitor.get("/deliveries/1")
    assert [row[1] for row in page.rows] == ["500", "200"]
    assert "delivered" in page.main
    assert visitor.get("/deliveries?state=retried").rows == []
    assert visitor.get("/deliveries?state=delivered").rows[0][3] == "delivered"
    again = visitor.done(page, "/resend")
    assert "Repeatsdelivery 1" in again.main
    assert deliver_due(home) == 1
    assert len(listener.heard) == 3
    assert listener.heard[0].headers["webhook-id"] == listener.heard[2].headers["webhook-id"]


def test_a_test_message_arrives(
    home: ServedShop, shop: OpenShop, visitor: Visitor, listener: Listener
) -> None:
    endpoint(shop, listener.url, kinds=["sale.placed"])
    page = visitor.done("/webhooks/1", "/ping")
    assert "waiting" in page.main
    deliver_due(home)
    assert [one.event["type"] for one in listener.heard] == ["ping"]


def test_a_message_that_waits_for_another_is_not_sent_before_it(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, kinds=["sale.*"])
    happen(shop)
    happen(shop, "sale.commented")
    refused = visitor.fill("/deliveries/2", "/resend")
    assert refused.status == 422
    assert "waits for an earlier one of the same sale" in refused.problems[0]


def test_a_range_is_replayed_after_a_look(shop: OpenShop, visitor: Visitor) -> None:
    for number in range(3):
        happen(shop, subject_id=number)
    first, last = shop.read(last_seq) - 2, shop.read(last_seq)
    endpoint(shop, kinds=["sale.placed"])
    page = visitor.done("/webhooks/1/replay", "/replay", first=str(first), last=str(last))
    assert "Events3" in page.main
    assert "Messages sent for the first time3" in page.main
    assert queued(shop) == []
    page = visitor.done(page, "/send-again")
    assert "3 messages wait to be sent." in page.main
    assert [row.subject_id for row in queued(shop)] == [0, 1, 2]
    event = next(one for one in shop.read(list_events) if one.kind == "endpoint.replayed")
    assert (event.actor, event.after) == ("Ada", {"from": first, "to": last, "count": 3})


def test_a_range_is_chosen_by_time_too(shop: OpenShop, visitor: Visitor, clock: Clock) -> None:
    happen(shop, subject_id=1)
    clock.pass_by(hours=2)
    happen(shop, subject_id=2)
    endpoint(shop, kinds=["sale.placed"])
    page = visitor.done("/webhooks/1/replay", "/replay", since="2026-03-01T13:00", until="2026-03-01T15:00")
    visitor.done(page, "/send-again")
    assert [row.subject_id for row in queued(shop)] == [2]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first": "1"},
        {"first": "5", "last": "2"},
        {"first": "0", "last": "2"},
        {"first": "1", "last": "10001"},
        {"first": "-5", "last": "9" * 18},
        {"first": "1", "last": "9" * 30},
        {"since": "2020-01-01T00:00", "until": "2020-02-01T00:00"},
        {"since": "never"},
    ],
)
def test_a_range_that_cannot_be_replayed_is_refused(
    shop: OpenShop, visitor: Visitor, typed: dict[str, Any]
) -> None:
    endpoint(shop, kinds=["sale.placed"])
    happen(shop)
    before = len(queued(shop))
    refused = visitor.fill("/webhooks/1/replay", "/replay", **typed)
    assert refused.status == 422
    assert refused.problems
    csrf = refused.form("/replay").fields["csrf"]
    if "since" not in typed:
        assert visitor.post("/console/webhooks/1/send-again", {"csrf": csrf, **typed}).status == 422
    assert len(queued(shop)) == before


def test_deliveries_are_narrowed(shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, kinds=["sale.*"])
    endpoint(shop, kinds=["refund.*"])
    happen(shop)
    happen(shop, "refund.drafted", 7, "refund")
    ask: Any = lambda query: [row[0] for row in visitor.get(f"/deliveries?{query}").rows]  # noqa: E731 - so the table reads
    assert ask("") == ["refund drafted", "sale placed"]
    assert ask("endpoint=1") == ["sale placed"]
    assert ask("state=pending&endpoint=2") == ["refund drafted"]
    assert ask("kind=sale.placed") == ["sale placed"]
    assert ask("subject_id=7") == ["refund drafted"]
    assert ask("created_from=2026-03-01") == ["refund drafted", "sale placed"]
    assert ask("created_to=2026-02-28") == []
    assert ask("state=lost") == []
    assert (
        visitor.get("/deliveries?format=csv").text.splitlines()[0]
        == "id,What,Of,To,State,Attempts,Since,Next try"
    )


def test_a_rare_message_is_looked_for_a_part_at_a_time(
    shop: OpenShop, visitor: Visitor, clock: Clock, monkeypatch: Any
) -> None:
    endpoint(shop, kinds=["sale.*"])
    clock.pass_by(days=-3)
    happen(shop, "sale.commented")
    clock.pass_by(days=3)
    for number in range(40):
        happen(shop, subject_id=number)
    monkeypatch.setattr("comptoir.console.windows.SIZE", 15)
    page = visitor.get("/deliveries?kind=sale.commented")
    for _ in range(2):
        assert page.rows == []
        page = visitor.get(next(link for link in page.links() if "past=" in link))
    assert [row[0] for row in page.rows] == ["sale commented"]
    assert "Look further back" not in page.main
    assert len(visitor.get("/deliveries?created_to=2026-02-28").rows) == 1
    assert len(visitor.get("/deliveries?created_from=2026-03-01").rows) == 40


def test_who_may_only_see_changes_nothing(home: ServedShop, shop: OpenShop, visitor: Visitor) -> None:
    endpoint(shop, kinds=["sale.*"])
    happen(shop)
    reader = signed_in(home, "accountant")
    for path in ("/webhooks/1", "/webhooks/1/replay", "/deliveries/1"):
        page = reader.get(path)
        assert page.status == 200
        assert [form.action for form in page.tree.xpath("//main//form")] == []
    csrf = reader.get("/webhooks").form("/sign-out").fields["csrf"]
    for act in ("new", "1/update", "1/rotate", "1/remove", "1/pause", "1/ping", "1/replay", "1/send-again"):
        assert reader.post(f"/console/webhooks/{act}", {"csrf": csrf}).status == 403
    assert reader.post("/console/deliveries/1/resend", {"csrf": csrf}).status == 403
    assert len(shop.read(list_endpoints)) == 1


def test_nobody_is_told_by_a_webhook_what_they_may_not_see(
    home: ServedShop, shop: OpenShop, visitor: Visitor
) -> None:
    """Who helps buyers sees which messages went out, and sends one again, but not what events hold."""
    endpoint(shop, kinds=["sale.*"])
    happen(shop)
    assert "subject_id" in visitor.get("/deliveries/1").main
    support = signed_in(home, "support")
    page = support.get("/deliveries/1")
    assert "(for those who may see events)" in page.main
    assert "subject_id" not in page.main
    assert support.fill(page, "/resend").status == 303
    assert [form.action for form in support.get("/webhooks/1").tree.xpath("//main//form")] == []
    for path in ("/webhooks/new", "/webhooks/new-ins", "/webhooks/1/replay"):
        assert support.get(path).status == 403
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("new", "new-ins", "1/update", "1/rotate", "1/remove", "1/ping", "1/replay", "1/send-again"):
        assert support.post(f"/console/webhooks/{act}", {"csrf": csrf}).status == 403
    assert len(shop.read(list_endpoints)) == 1
