from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from comptoir.chores.deliveries import Deliveries, deliver_due
from comptoir.dialects.edge import ServedShop
from comptoir.domain.clock import system_now
from comptoir.domain.events.queries import list_events
from comptoir.domain.webhooks.amounts import ATTEMPTS_MAX, WAITS
from comptoir.domain.webhooks.delivering import claim_due
from comptoir.domain.webhooks.endpoints import create_endpoint, rotate_secret, update_endpoint
from comptoir.domain.webhooks.queries import list_attempts, list_endpoints
from tests.chores.world import World
from tests.conftest import NOW
from tests.domain.webhooks.given import (
    Heard,
    endpoint,
    happen,
    queued,
    served,
    silent,
)

DAY = timedelta(days=1)


def test_a_message_arrives_once(world: World) -> None:
    world.endpoint("hooks", kind="ins")
    happen(world.shop)
    assert world.deliver() == 1
    assert world.deliver() == 0
    (heard,) = world.listener.heard
    assert heard.path == "/hooks"
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"
    assert heard.form == {"message_type": "ORDER_CREATED", "message_id": "1", "name": "Ada & Bób"}
    (row,) = queued(world.shop)
    assert (row.state, row.attempts, row.due_at, row.ended_at) == ("delivered", 1, None, NOW)
    (attempt,) = world.shop.read(lambda tx: list_attempts(tx, row.id))
    assert (attempt.status, attempt.problem) == (200, "")


def test_the_official_library_accepts_the_signature(world: World) -> None:
    world.clock.now = system_now()
    made = world.shop.write(
        lambda tx: create_endpoint(tx, kind="standard", url=world.listener.url, kinds=["sale.*"])
    )
    happen(world.shop)
    world.deliver()
    (heard,) = world.listener.heard
    seq = world.shop.read(list_events)[-1].seq
    assert heard.headers["webhook-id"] == f"evt_{seq}"
    assert Webhook(made.secret).verify(heard.body, heard.headers)["type"] == "sale.placed"
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(heard.body.replace("46", "47"), heard.headers)


def test_while_a_secret_is_rotated_both_are_good(world: World) -> None:
    world.clock.now = system_now()
    old = world.shop.write(
        lambda tx: create_endpoint(tx, kind="standard", url=world.listener.url, kinds=["sale.*"])
    )
    fresh = world.shop.write(lambda tx: rotate_secret(tx, endpoint_id=old.id, grace=DAY))
    happen(world.shop)
    world.deliver()
    (heard,) = world.listener.heard
    for secret in (old.secret, fresh):
        assert Webhook(secret).verify(heard.body, heard.headers)
    world.clock.pass_by(days=1)
    happen(world.shop)
    world.deliver()
    late = world.listener.heard[-1]
    at = datetime.fromtimestamp(int(late.headers["webhook-timestamp"]), tz=UTC)
    expected = Webhook(fresh).sign(late.headers["webhook-id"], at, late.body)
    assert late.headers["webhook-signature"] == expected


def test_who_is_down_for_two_days_is_told_in_order_when_back(world: World) -> None:
    world.endpoint()
    world.listener.answer = lambda _heard: 503
    happen(world.shop)
    happen(world.shop, "invoice.paid")
    happen(world.shop, subject_id=47)
    began = world.clock.now
    waited: list[timedelta] = []
    while world.clock.now - began < 2 * DAY:
        world.deliver()
        due = queued(world.shop)[0].due_at
        assert due is not None
        waited.append(due - world.clock.now)
        world.clock.now = due
    assert waited == list(WAITS[: len(waited)])
    assert {heard.said for heard in world.listener.heard} == {"sale.placed 46", "sale.placed 47"}
    assert len({heard.body for heard in world.listener.heard if heard.said == "sale.placed 46"}) == 1
    world.listener.heard.clear()
    world.listener.answer = lambda _heard: 200
    assert world.deliver() == 3
    said = [heard.said for heard in world.listener.heard]
    assert said.index("sale.placed 46") < said.index("invoice.paid 46")
    assert {row.state for row in queued(world.shop)} == {"delivered"}


def test_who_never_answers_is_given_up_and_the_next_is_called(world: World) -> None:
    world.endpoint()
    world.listener.answer = lambda heard: 500 if heard.event["data"]["seq"] == first else 200
    happen(world.shop)
    first = queued(world.shop)[0].event_seq
    happen(world.shop)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        world.deliver()
        assert queued(world.shop)[0].attempts == attempt
        world.clock.now = queued(world.shop)[0].due_at or world.clock.now
    dead, after = queued(world.shop)
    assert (dead.state, dead.attempts, dead.due_at) == ("dead", ATTEMPTS_MAX, None)
    assert after.state == "delivered"
    assert world.shop.read(list_events)[-1].kind == "delivery.died"
    attempts = world.shop.read(lambda tx: list_attempts(tx, dead.id))
    assert [(one.status, one.problem) for one in attempts] == [
        (500, "was answered with status 500")
    ] * ATTEMPTS_MAX


@pytest.mark.parametrize("status", [199 + 1, 204, 299])
def test_any_success_is_delivery(world: World, status: int) -> None:
    world.endpoint()
    world.listener.answer = lambda _heard: status
    happen(world.shop)
    assert world.deliver() == 1


def test_a_redirect_is_a_failure_and_not_followed(world: World) -> None:
    world.endpoint("here")
    world.listener.answer = lambda heard: (307, {"Location": world.listener.url + "there"})
    happen(world.shop)
    assert world.deliver() == 0
    assert [heard.path for heard in world.listener.heard] == ["/here"]
    (row,) = queued(world.shop)
    assert (row.state, row.attempts) == ("pending", 1)


def test_who_is_too_slow_has_not_answered(world: World) -> None:
    world.home = served(world.shop, world.folder, timeout_seconds=0.2)
    world.endpoint()
    world.listener.answer = silent(0.6)
    happen(world.shop)
    assert world.deliver() == 0
    (row,) = queued(world.shop)
    (attempt,) = world.shop.read(lambda tx: list_attempts(tx, row.id))
    assert (attempt.status, attempt.problem) == (None, "did not answer in time")
    assert attempt.took_ms >= 200


def test_nothing_is_sent_to_a_private_address_unless_that_is_allowed(world: World) -> None:
    world.home = served(world.shop, world.folder, allow_private=False)
    world.endpoint()
    happen(world.shop)
    assert world.deliver() == 0
    assert world.listener.heard == []
    (row,) = queued(world.shop)
    (attempt,) = world.shop.read(lambda tx: list_attempts(tx, row.id))
    assert "public internet" in attempt.problem


def test_an_endpoint_that_hangs_keeps_no_other_waiting(world: World) -> None:
    world.home = served(world.shop, world.folder, timeout_seconds=1.5)
    slow, quick = world.endpoint("slow"), world.endpoint("quick")
    quick_at: list[float] = []

    def answer(heard: Heard) -> int:
        if heard.path == "/slow":
            time.sleep(2.5)
        else:
            quick_at.append(time.perf_counter())
        return 200

    world.listener.answer = answer
    for sale in range(60):
        happen(world.shop, subject_id=sale)
    started = time.perf_counter()
    assert world.deliver() == 60
    assert len(quick_at) == 60
    assert max(quick_at) - started < 1.5
    assert {row.state for row in queued(world.shop, endpoint_id=quick)} == {"delivered"}
    tried = [row.attempts for row in queued(world.shop, endpoint_id=slow)]
    assert 1 <= sum(tried) <= 8, "it is left alone after a few attempts"
    assert max(tried) == 1


def test_who_kept_us_waiting_is_left_alone_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.home = served(world.shop, world.folder, timeout_seconds=1.2)
    world.endpoint("slow")
    world.listener.answer = silent(1.5)
    for sale in range(20):
        happen(world.shop, subject_id=sale)
    deliver = Deliveries()
    assert deliver(world.home) == 0
    tried = len(world.listener.heard)
    assert 1 <= tried <= 4
    world.listener.answer = lambda _heard: 200
    assert deliver(world.home) == 0
    assert len(world.listener.heard) == tried
    monkeypatch.setattr("comptoir.chores.deliveries.monotonic", lambda: time.monotonic() + 31)
    world.clock.pass_by(minutes=5)
    assert deliver(world.home) == 20


def test_who_is_told_while_it_is_not_active_waits(world: World) -> None:
    one = world.endpoint()
    happen(world.shop)
    world.shop.write(lambda tx: update_endpoint(tx, endpoint_id=one, is_active=False))
    happen(world.shop)
    assert world.deliver() == 0
    world.shop.write(lambda tx: update_endpoint(tx, endpoint_id=one, is_active=True))
    assert world.deliver() == 1


def test_a_claim_lapses_when_its_holder_is_silent(world: World) -> None:
    world.endpoint()
    happen(world.shop)
    (row,) = world.shop.read(list_endpoints)
    lease = timedelta(seconds=30)
    taken = world.shop.write(lambda tx: claim_due(tx, row, limit=9, machine_now=world.clock.now, lease=lease))
    assert len(taken) == 1
    assert world.deliver() == 0
    world.clock.pass_by(seconds=30)
    assert world.deliver() == 1


ANSWERS = st.lists(st.sampled_from([200, 200, 500, 404, 302]), min_size=1, max_size=6)
SALES = st.lists(st.integers(min_value=1, max_value=4), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sales=SALES, answers=ANSWERS, rounds=st.integers(min_value=0, max_value=3))
def test_whatever_is_answered_nothing_is_lost_and_each_sale_is_in_order(
    world: World, sales: list[int], answers: list[int], rounds: int
) -> None:
    """Some is delivered while more happens; answers come in any order, and in the end are good."""
    heard_before = len(world.listener.heard)
    turn = iter(range(10**9))
    world.listener.answer = lambda _heard: answers[next(turn) % len(answers)]
    made = endpoint(world.shop, world.listener.url, kinds=["sale.*"])
    for place, sale in enumerate(sales):
        happen(world.shop, f"sale.step_{'abcdefghijkl'[place]}", subject_id=sale)
        if place % 4 < rounds:
            world.deliver()
    world.listener.answer = lambda _heard: 200
    world.clock.pass_by(hours=2)
    world.deliver()
    rows = queued(world.shop, endpoint_id=made)
    assert {row.state for row in rows} == {"delivered"}
    assert [row.number for row in rows] == list(range(1, len(sales) + 1))
    firsts: dict[int, list[str]] = defaultdict(list)
    for heard in world.listener.heard[heard_before:]:
        kind, sale = heard.event["type"], heard.event["data"]["subject_id"]
        if kind not in firsts[sale]:
            firsts[sale].append(kind)
    for sale, kinds in firsts.items():
        assert kinds == sorted(kinds), sale
    assert sum(map(len, firsts.values())) == len(sales)
    world.shop.write(lambda tx: update_endpoint(tx, endpoint_id=made, is_active=False))


def test_many_messages_need_few_transactions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.endpoint()
    for sale in range(100):
        happen(world.shop, subject_id=sale)
    writes = 0
    real: Callable[..., object] = type(world.shop.database).write

    def counted(database: object, work: object) -> object:
        nonlocal writes
        writes += 1
        return real(database, work)

    monkeypatch.setattr(type(world.shop.database), "write", counted)
    assert world.deliver() == 100
    assert writes < 40


def test_an_empty_round_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_database: object, _work: object) -> None:
        raise AssertionError("nothing is due")

    world.endpoint()
    world.deliver()
    monkeypatch.setattr(type(world.shop.database), "write", refused)
    home: ServedShop = world.home
    assert deliver_due(home) == 0
