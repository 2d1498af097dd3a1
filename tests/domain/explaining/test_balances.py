"""Balances: by movements, after each of them, and by the months they fell into, however long the account is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.balances import balance_before, list_movements
from comptoir.domain.explaining.errors import NotExplained, TooFarBack
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.transfers import create_pending_transfer, post_transfer
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.explaining.given import prove, prove_everything, shown

ADDED_MAX = "comptoir.domain.explaining.balances.ADDED_MAX"


def a_till(tx: Tx) -> int:
    open_account(tx, code="drawer", name="Drawer", kind="equity")
    return open_account(tx, code="till", name="Till", kind="asset")


def fill(tx: Tx, minor: int, kind: str = "fill", at: datetime = NOW) -> int:
    """Move money; gives the transfer."""
    postings = [("till", minor), ("drawer", -minor)]
    return post_transfer(tx, kind=kind, postings=postings, at=at, subject="test", subject_id=1)


def test_a_balance_is_told_by_months_of_the_shops_wall_clock(shop: OpenShop) -> None:
    shop.write(lambda tx: change_shop(tx, time_zone="Australia/Sydney"))
    till = shop.write(a_till)

    def trade(tx: Tx) -> None:
        fill(tx, 500, at=datetime(2026, 1, 15, tzinfo=UTC))
        # Eleven hours ahead, January is over in Sydney.
        fill(tx, 200, "more", at=datetime(2026, 1, 31, 13, 30, tzinfo=UTC))
        fill(tx, -50, "take", at=datetime(2026, 2, 3, tzinfo=UTC))
        fill(tx, -30, "take", at=datetime(2026, 2, 4, tzinfo=UTC))

    shop.write(trade)
    found = shop.read(lambda tx: explain(tx, "account", till))
    assert found.went_to is not None
    assert shown(found.went_to) == [
        "by month: 6.20", "  2026-02: 1.20", "    more: 2.00", "    take: -0.80", "  2026-01: 5.00", "    fill: 5.00",
    ]  # fmt: skip
    assert [part.why for part in found.went_to.parts[0].parts] == ["1 movement", "2 movements"]
    prove(found)


def test_a_long_account_is_told_by_its_newest_movements_and_what_was_before(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = a_till(tx)
    for month in range(1, 7):
        fill(tx, 100 * month, at=datetime(2025, month, 15, tzinfo=UTC))
    monkeypatch.setattr(ADDED_MAX, 4)
    found = explain(tx, "account", till)
    prove(found)
    assert found.went_to is not None
    assert shown(found.went_to)[0] == "by month: 21.00"
    assert [(part.label, part.amount) for part in found.went_to.parts] == [
        ("2025-06", "6.00"), ("2025-05", "5.00"), ("2025-04", "4.00"), ("2025-03", "3.00"),
        ("before the newest 4 movements", "3.00"),
    ]  # fmt: skip
    monkeypatch.setattr(ADDED_MAX, 6)
    whole = explain(tx, "account", till).went_to
    assert whole is not None
    assert len(whole.parts) == 6


def test_what_is_older_than_the_months_that_are_told_is_one_part(tx: Tx) -> None:
    till = a_till(tx)
    for year, minor in ((2019, 100), (2021, 200), (2026, 400), (2027, 800)):
        fill(tx, minor, at=datetime(year, 1, 15, tzinfo=UTC))
    found = explain(tx, "account", till)
    prove(found)
    assert found.went_to is not None
    assert [(part.label, part.amount) for part in found.went_to.parts] == [
        ("later than 2026-03", "8.00"), ("2026-01", "4.00"), ("before 2024-04", "3.00"),
    ]  # fmt: skip


def test_the_balance_after_a_movement_is_that_movement_and_what_was_before(tx: Tx) -> None:
    till = a_till(tx)
    for minor in (500, 200, -50):
        fill(tx, minor)
    postings = [("till", -30), ("drawer", 30)]
    waiting = create_pending_transfer(tx, kind="take", postings=postings, subject="test", subject_id=1)
    fill(tx, 1)
    newest_first = list_movements(tx, till)
    after = [explain(tx, "posting", row.id, "balance").made_of for row in newest_first]
    assert [node.amount for node in after] == ["6.51", "6.50", "7.00", "5.00"]
    assert shown(after[1])[1:] == ["  fill: -0.50", "  fill: 2.00", "  fill: 5.00"]
    assert balance_before(tx, get_account(tx, till), newest_first[0].id) == 650
    # What only waits changes nothing.
    pending = explain(tx, "account", till, "pending_out").made_of.parts[0]
    assert pending.ask is not None
    assert pending.label == f"transfer {waiting}"
    assert explain(tx, "posting", pending.ask.id, "balance").made_of.amount == "6.50"
    prove_everything(tx)


def test_a_movement_far_from_both_ends_is_refused(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    till = a_till(tx)
    for _ in range(9):
        fill(tx, 100)
    ids = [row.id for row in list_movements(tx, till)]
    monkeypatch.setattr(ADDED_MAX, 3)
    told = []
    for key in ids:
        try:
            told.append(explain(tx, "posting", key, "balance").made_of.amount)
        except TooFarBack:
            told.append("too far")
    assert told == [
        "9.00", "8.00", "7.00", "6.00", "too far", "too far", "3.00", "2.00", "1.00",
    ]  # fmt: skip
    with pytest.raises(TooFarBack):
        explain(tx, "account", till, after=ids[4])
    with pytest.raises(NotExplained):
        explain(tx, "posting", 10**9, "balance")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(-999, 999).filter(bool), st.integers(0, 400)), max_size=25))
def test_whatever_moved_every_balance_is_told(shop: OpenShop, moves: list[tuple[int, int]]) -> None:
    def work(tx: Tx) -> None:
        till = open_account(tx, code=tx.ids.text(10), name="Till", kind="asset")
        other = open_account(tx, code=tx.ids.text(10), name="Drawer", kind="equity")
        balance, rows = 0, list[int]()
        for minor, days in moves:
            at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days)
            postings = [(till, minor), (other, -minor)]
            post_transfer(tx, kind="move", postings=postings, at=at, subject="test", subject_id=1)
            balance += minor
            rows.append(balance)
        told = [explain(tx, "posting", row.id, "balance") for row in list_movements(tx, till)]
        for found in told:
            prove(found)
        assert [found.made_of.amount_e4 // 100 for found in told] == rows[::-1]
        for account in (till, other):
            prove(explain(tx, "account", account))

    shop.write(work)
