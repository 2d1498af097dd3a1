from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import ClockMovesBack, ClockNotFrozen, NotASandbox
from comptoir.domain.identity.shopkeeping import advance_clock, change_shop, freeze_clock, release_clock
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def sandbox(shop: OpenShop) -> OpenShop:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    return shop


def now(shop: OpenShop) -> datetime:
    return shop.read(lambda tx: tx.now)


def test_a_frozen_clock_stands_and_is_stepped(sandbox: OpenShop) -> None:
    assert sandbox.write(freeze_clock) == NOW
    sandbox.system = lambda: NOW + 5 * DAY
    assert now(sandbox) == NOW
    assert sandbox.write(lambda tx: advance_clock(tx, by=DAY)) == NOW + DAY
    assert now(sandbox) == NOW + DAY


def test_a_released_clock_runs_on_from_where_it_stood(sandbox: OpenShop) -> None:
    sandbox.write(lambda tx: freeze_clock(tx, at=NOW + 100 * DAY))
    assert sandbox.write(release_clock) == NOW + 100 * DAY
    assert now(sandbox) == NOW + 100 * DAY
    sandbox.system = lambda: NOW + DAY
    assert now(sandbox) == NOW + 101 * DAY


def test_a_running_clock_is_advanced(sandbox: OpenShop) -> None:
    sandbox.write(lambda tx: advance_clock(tx, by=DAY))
    sandbox.write(lambda tx: advance_clock(tx, by=DAY))
    assert now(sandbox) == NOW + 2 * DAY


def test_the_version_moves_and_the_transaction_keeps_its_time(sandbox: OpenShop) -> None:
    def step(tx: Tx) -> tuple[int, datetime, int]:
        before = tx.shop.version
        advance_clock(tx, by=DAY)
        return before, tx.now, tx.shop.version

    before, during, after = sandbox.write(step)
    assert during == NOW
    assert after == before + 1


@pytest.mark.parametrize(
    "verb",
    [freeze_clock, release_clock, lambda tx: advance_clock(tx, by=DAY)],
    ids=["freeze", "release", "advance"],
)
def test_a_real_shop_has_real_time(tx: Tx, verb: Callable[[Tx], object]) -> None:
    with pytest.raises(NotASandbox):
        verb(tx)


def test_a_clock_never_goes_back(sandbox: OpenShop) -> None:
    with pytest.raises(ClockMovesBack):
        sandbox.write(lambda tx: freeze_clock(tx, at=NOW - DAY))
    with pytest.raises(ClockMovesBack):
        sandbox.write(lambda tx: advance_clock(tx, by=-DAY))
    with pytest.raises(ClockNotFrozen):
        sandbox.write(release_clock)


def test_a_clock_stays_within_the_calendar(sandbox: OpenShop) -> None:
    with pytest.raises(Invalid, match="by"):
        sandbox.write(lambda tx: advance_clock(tx, by=timedelta.max))
    with pytest.raises(Invalid, match="at"):
        sandbox.write(lambda tx: freeze_clock(tx, at=datetime.max.replace(tzinfo=UTC)))


def test_a_shop_changes_what_is_named(shop: OpenShop) -> None:
    change: dict[str, Any] = {
        "name": "Corner shop",
        "time_zone": "Australia/Melbourne",
        "settings": {"a": 1, "b": 2},
    }
    shop.write(lambda tx: change_shop(tx, **change))
    shop.write(lambda tx: change_shop(tx, settings={"a": None, "c": [3]}))
    facts = shop.read(lambda tx: tx.shop)
    assert (facts.name, facts.zone.key, facts.currency) == ("Corner shop", "Australia/Melbourne", "AUD")
    assert facts.settings == {"b": 2, "c": [3]}


def test_nothing_changed_is_nothing_noted(tx: Tx) -> None:
    change_shop(tx, name=tx.shop.name)
    assert tx.changes == []


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "a\0"}, {"currency": "aud"}, {"currency": "ÄUD"}, {"time_zone": "Moon/Base"},
     {"time_zone": "../etc"}, {"site_url": "ftp://x"}, {"cdn_url": "x" * 256}],
)  # fmt: skip
def test_what_a_shop_may_not_be(tx: Tx, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(change))):
        change_shop(tx, **change)
