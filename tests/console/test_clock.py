"""The sandbox's clock in the console: looked ahead, moved by the worker, stopped; real shops' cannot be set."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.console.clock import WORDS, told_span
from comptoir.dialects.edge import ServedShop
from comptoir.domain.events.queries import list_events
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.outlook.living import KIND
from comptoir.domain.outlook.looking import AT_THE_BANK, IN_THE_SHOP
from comptoir.domain.shop import Shop
from comptoir.domain.tasks.actions import ask_task
from comptoir.domain.tasks.queries import get_task, list_tasks
from comptoir.domain.tx import OpenShop, Tx
from comptoir.worker import TASKS, Rounds, jobs
from tests.conftest import NOW
from tests.console.visiting import Visitor, signed_in

DAY = timedelta(days=1)


@pytest.fixture
def sandbox(home: ServedShop) -> ServedShop:
    home.shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))
    return home


@pytest.fixture
def owner(sandbox: ServedShop) -> Visitor:
    return signed_in(sandbox)


def hold(tx: Tx) -> int:
    """A hold that ends in two days."""
    accounts = [open_account(tx, code=code, name=code, kind="asset") for code in ("from", "to")]
    post_transfer(
        tx, kind="move", subject="test", subject_id=1, postings=[(accounts[0], -500), (accounts[1], 500)]
    )
    return place_hold(
        tx, account_id=accounts[1], amount_minor=100, subject="test", subject_id=1, expires_at=NOW + 2 * DAY
    )


def now_of(shop: OpenShop) -> timedelta:
    return shop.read(lambda tx: tx.now) - NOW


def work(home: ServedShop) -> None:
    Rounds([home], due=jobs()).once(lane=TASKS)


def test_every_kind_that_falls_due_has_words() -> None:
    assert WORDS.keys() == dict((*IN_THE_SHOP, *AT_THE_BANK)).keys()


def test_what_would_happen_is_told_and_then_happens(sandbox: ServedShop, owner: Visitor) -> None:
    hold_id = sandbox.shop.write(hold)
    assert "Nothing falls due until then." in owner.get("/clock?by=1&unit=days").main
    ahead = owner.get("/clock?by=3&unit=days")
    assert f"Holds end: 1 hold {hold_id} 2026-03-03" in ahead.main
    waiting = owner.done(ahead, "/advance")
    assert "The clock is on its way." in waiting.main
    assert "It waits to be begun." in waiting.main
    assert waiting.tree.xpath("//*[@id='now']/@data-again") == ["reload"]
    assert now_of(sandbox.shop) == timedelta(0)
    work(sandbox)
    assert now_of(sandbox.shop) == 3 * DAY
    page = owner.get("/clock")
    assert page.tree.xpath("//*[@id='now']/@data-again") == []
    assert "expired holds released: 1" in page.main
    moved = [one for one in sandbox.shop.read(list_events) if one.kind == "shop.clock_advanced"]
    assert len(moved) == 72, "up to three days go by the hour"
    assert {(one.actor, one.dialect) for one in moved} == {("Ada", "console")}


def test_a_time_is_given_as_a_moment_too(sandbox: ServedShop, owner: Visitor) -> None:
    page = owner.get("/clock?by=30&unit=days&until=2026-03-01T13:00")
    owner.done(page, "/advance")
    work(sandbox)
    assert sandbox.shop.read(lambda tx: tx.shop.local(tx.now).isoformat()) >= "2026-03-01T13:00"
    until = owner.get("/clock?until=2020-01-01T00:00")
    assert until.problems == ["The clock only goes forward."]


@pytest.mark.parametrize(
    "query",
    [
        "by=-1&unit=days", "by=x&unit=days", "by=99999999999999999999&unit=weeks", "by=40000&unit=days",
        "until=soon", "until=9999-12-31T23:59", "until=0001-01-01T00:00", "by=%00&unit=%ff",
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_said_so(owner: Visitor, query: str) -> None:
    page = owner.get(f"/clock?{query}")
    assert page.status == 200
    assert len(page.problems) == 1
    assert "Advance to" not in page.main


def test_the_clock_stands_and_runs_on(sandbox: ServedShop, owner: Visitor) -> None:
    page = owner.done("/clock", "/freeze", at="")
    assert "stands still" in page.main
    assert sandbox.shop.read(lambda tx: tx.shop.clock_frozen_at) == NOW
    wrong = owner.fill(page, "/release")
    assert wrong.status == 303
    assert "runs" in owner.get("/clock").main
    later = owner.done("/clock", "/freeze", at="2026-04-01T00:00")
    assert "The clock stands at 2026-04-01 00:00." in later.main
    kinds = [one.kind for one in sandbox.shop.read(list_events) if one.kind.startswith("shop.clock")]
    assert kinds == ["shop.clock_frozen", "shop.clock_released", "shop.clock_frozen"]


def test_a_clock_does_not_go_back(sandbox: ServedShop, owner: Visitor) -> None:
    answer = owner.fill("/clock", "/freeze", at="2020-01-01T00:00")
    assert answer.status == 422
    assert "only goes forward" in " ".join(answer.problems)
    page = owner.get("/clock?by=1&unit=hours")
    answer = owner.fill(page, "/advance", until="2020-01-01T00:00:00+00:00")
    assert answer.status == 422
    for wrong in ("", "soon", "2020-01-01", "2026-03-02T00:00:00", "9999-12-31T23:59:59+00:00"):
        assert owner.fill(page, "/advance", until=wrong).status == 422, wrong
    assert now_of(sandbox.shop) == timedelta(0)
    assert sandbox.shop.read(lambda tx: list_tasks(tx, kinds=[KIND])) == []


def test_one_who_moves_it_already_is_told_and_can_be_stopped(sandbox: ServedShop, owner: Visitor) -> None:
    page = owner.get("/clock?by=300&unit=days")
    owner.done(page, "/advance")
    again = owner.fill(page, "/advance", once=None)
    assert again.status == 422
    assert "already" in again.problems[0]
    other = sandbox.shop.write(lambda tx: ask_task(tx, kind="export", title="Export", arguments={}))
    csrf = again.form("/sign-out").fields["csrf"]
    assert owner.post(f"/console/clock/{other}/stop", {"csrf": csrf}).status == 404
    assert not sandbox.shop.read(lambda tx: get_task(tx, other)).is_over
    stopped = owner.done("/clock", "/stop")
    assert "It was stopped." in stopped.main
    work(sandbox)
    assert now_of(sandbox.shop) == timedelta(0)
    assert "stopped" in owner.get("/clock").main


def test_when_nobody_works_it_is_said_so(sandbox: ServedShop, owner: Visitor) -> None:
    owner.done(owner.get("/clock?by=1&unit=days"), "/advance")
    assert "Nobody is doing it" not in owner.get("/clock").main
    sandbox.shop.system = lambda: NOW + timedelta(seconds=30)
    assert "Nobody is doing it" in owner.get("/clock").main


def test_a_real_shop_has_no_clock_to_set(home: ServedShop, visitor: Visitor) -> None:
    page = visitor.get("/clock?by=1&unit=days")
    assert "This is a real shop" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    for act, values in {"freeze": {"at": ""}, "release": {}, "advance": {"until": NOW.isoformat()}}.items():
        assert visitor.post(f"/console/clock/{act}", {"csrf": csrf, **values}).status == 422, act
    assert now_of(home.shop) == timedelta(0)


def test_who_may_only_look_moves_nothing(sandbox: ServedShop) -> None:
    reader = signed_in(sandbox, "read-only")
    page = reader.get("/clock?by=1&unit=days")
    assert page.status == 200
    assert "Advance to" not in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("freeze", "release", "advance", "1/stop"):
        assert reader.post(f"/console/clock/{act}", {"csrf": csrf}).status == 403, act
    assert signed_in(sandbox, "support").get("/clock").status == 403


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(0), "the same"),
        (timedelta(days=1, hours=2, minutes=5), "1 d 2 h 5 min ahead"),
        (timedelta(days=9, hours=23, minutes=59, seconds=40), "10 d ahead"),
        (timedelta(days=-3, hours=-2, minutes=-5), "3 d 2 h behind"),
        (timedelta(seconds=-30), "30 s behind"),
    ],
)
def test_how_far_the_clock_is_from_the_machines(span: timedelta, told: str) -> None:
    assert told_span(span) == told
