"""Balances: by movements, after each of them, and by the months they fell into, however long the account is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.balances import balance_before
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.movements import list_movements
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.holds import place_hold
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


def test_years_before_the_last_are_told_by_years(tx: Tx) -> None:
    till = a_till(tx)
    for year, minor in ((1980, 50), (1981, 50), (2019, 100), (2021, 200), (2026, 400), (2027, 800)):
        fill(tx, minor, at=datetime(year, 1, 15, tzinfo=UTC))
    found = explain(tx, "account", till)
    prove(found)
    assert found.went_to is not None
    assert [(part.label, part.amount) for part in found.went_to.parts] == [
        ("from 2026-04", "8.00"), ("2026-01", "4.00"), ("2021", "2.00"), ("2019", "1.00"), ("before 1997", "1.00"),
    ]  # fmt: skip
    opened = [
        explain(tx, part.ask.kind, part.ask.id, part.ask.what) for part in found.went_to.parts if part.ask
    ]
    assert [one.made_of.amount for one in opened] == [part.amount for part in found.went_to.parts]
    assert [shown(one.made_of)[0] for one in opened[:3]] == [
        "moved in from 2026-04: 8.00", "moved in 2026-01: 4.00", "moved in 2021: 2.00",
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


def test_a_movement_far_from_both_ends_has_a_balance_that_opens(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = a_till(tx)
    for month in range(1, 10):
        fill(tx, 100, at=datetime(2025, month, 15, tzinfo=UTC))
    create_pending_transfer(
        tx, kind="take", postings=[("till", -30), ("drawer", 30)], subject="test", subject_id=1
    )
    ids = [row.id for row in list_movements(tx, till)]
    monkeypatch.setattr(ADDED_MAX, 3)
    told = [explain(tx, "posting", key, "balance") for key in ids]
    for found in told:
        prove(found)
    assert [found.made_of.amount for found in told] == [f"{amount}.00" for amount in range(9, 0, -1)]
    middle = told[4].went_to
    assert middle is not None
    assert [(part.label, part.amount) for part in middle.parts] == [
        ("2025-05", "1.00"), ("2025-04", "1.00"), ("2025-03", "1.00"), ("before the newest 3 movements", "2.00"),
    ]  # fmt: skip
    assert middle.parts[-1].ask is not None
    before = explain(tx, *middle.parts[-1].ask[:3])
    assert shown(before.made_of) == ["moved: 2.00", "  fill: 1.00", "  fill: 1.00"]
    assert explain(tx, "account", till, after=ids[4]).made_of.amount == "4.00"
    with pytest.raises(NotExplained):
        explain(tx, "posting", 10**9, "balance")


def test_what_is_announced_and_held_is_told_page_by_page(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    till = a_till(tx)
    fill(tx, 10_000)
    for _ in range(60):
        postings = [("till", -2), ("drawer", 2)]
        create_pending_transfer(tx, kind="take", postings=postings, subject="test", subject_id=1)
        place_hold(tx, account_id=till, amount_minor=3, subject="order", subject_id=1)
    fill(tx, 1)
    for among in (20_000, 5):
        monkeypatch.setattr("comptoir.domain.explaining.ledger.ADDED_MAX", among)
        for what, total in (("pending_out", "1.20"), ("held", "1.80")):
            first = explain(tx, "account", till, what)
            prove(first)
            assert first.made_of.amount == total
            assert len(first.made_of.parts) == 51
            more = first.made_of.parts[-1].ask
            assert more is not None
            second = explain(tx, "account", till, what, after=more.after)
            prove(second)
            assert [part.label for part in second.made_of.parts][:1] == ["before these"]
            assert len(second.made_of.parts) == 11
        available = explain(tx, "account", till, "available")
        prove(available)
        assert available.made_of.amount == "97.01"
    prove_everything(tx)


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
