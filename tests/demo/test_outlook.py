"""What is said beforehand to fall due is what is done when the clock gets there."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.outlook.due import COUNT_MAX, SHOWN_MAX, Ahead
from comptoir.domain.outlook.looking import look_ahead
from comptoir.domain.payouts.models import PAID, Payout
from comptoir.domain.tx import SYSTEM, OpenShop, Tx
from comptoir.worker import Rounds, jobs

if TYPE_CHECKING:
    from tests.demo.conftest import DemoWorlds
    from tests.dialects.conftest import LocalWire
    from tests.engines import Engines

DAY = timedelta(days=1)
# The job that does what is foreseen, where it says how many it did; holds are freed by several.
DONE_BY = {
    "renewals": "renewals",
    "reviews": "fraud reviews",
    "captures": "captures",
    "deposits": "deposits",
    "interest": "interest",
    "registrations": "registrations expired",
    "verifications": "verifications ended",
}

WANTED = {
    1: {"renewals", "reviews", "interest", "authorisations"},
    8: {"renewals", "paydays", "lapses"},
    35: {"renewals", "paydays", "statements"},
}


def foreseen(shop: OpenShop, by: timedelta) -> dict[str, Ahead]:
    return {one.name: one for one in shop.read(lambda tx: look_ahead(tx, until=tx.now + by))}


@pytest.mark.parametrize("days", [1, 8, 35])
def test_what_is_foreseen_is_done(
    running_demo: tuple[LocalWire, DemoWorlds], engines: Engines, days: int
) -> None:
    wire, worlds = running_demo
    wire.enter("empty")
    shop = wire._served.shop = worlds.copy("empty")
    ahead = foreseen(shop, days * DAY)
    assert WANTED[days] <= ahead.keys()
    assert all(1 <= one.number <= COUNT_MAX and len(one.first) <= SHOWN_MAX for one in ahead.values())
    until = shop.read(lambda tx: tx.now) + days * DAY
    assert all(due.at is None or due.at <= until for one in ahead.values() for due in one.first)
    expiring = [one.id for one in ahead["holds"].first] if "holds" in ahead else []
    shop.write(lambda tx: advance_clock(tx, by=days * DAY))
    done: Counter[str] = Counter(Rounds([wire._served], due=jobs()).once())
    for name, job in DONE_BY.items():
        if name in ahead:
            assert done[job] >= ahead[name].number, name
    active = shop.read(lambda tx: {row[0] for row in tx.all(select(Hold.id).where(Hold.state == ACTIVE))})
    assert not active & set(expiring)
    assert len(ahead["paydays"].first) == days // 7 if "paydays" in ahead else days < 7
    if "statements" in ahead:
        assert done["statements"] > 0
    if "paydays" in ahead and done["payouts run"]:
        paid = shop.read(lambda tx: [row[0] for row in tx.all(select(Payout.id).where(Payout.state == PAID))])
        assert ahead["paydays"].first[0].id in paid
    wire.leave()
    engines.check_books(shop)
    engines.drop(shop.database)


def test_nothing_is_changed_by_looking(demo: OpenShop) -> None:
    def look(tx: Tx) -> tuple[list[Ahead], list[Ahead], datetime]:
        first = look_ahead(tx, until=tx.now + 400 * DAY)
        again = look_ahead(tx, until=tx.now + 400 * DAY)
        assert tx.changes == []
        return first, again, tx.now

    first, again, now = demo.read(look, SYSTEM)
    assert first == again
    assert demo.read(lambda tx: tx.now) == now


def test_one_looks_ahead_only(demo: OpenShop) -> None:
    with pytest.raises(Invalid):
        demo.read(lambda tx: look_ahead(tx, until=tx.now - DAY))
