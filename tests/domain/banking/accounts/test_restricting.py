"""Limits of one account: each takes the place of those of its name within the same time."""

from datetime import timedelta
from typing import Any

import pytest

from comptoir.domain.banking.accounts.errors import LimitRefused
from comptoir.domain.banking.accounts.restricting import (
    LIMITS_MAX,
    AccountLimit,
    drop_limits,
    list_limits,
    set_limits,
)
from comptoir.domain.banking.program.models import OF_ACCOUNT
from comptoir.domain.banking.program.queries import Range, limits_of
from comptoir.domain.tx import Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer


def limit(
    most: int | None = 100, name: str = "balance", *, since: int | None = None, until: int | None = None
) -> Any:
    """A limit that takes effect and expires so many days from now."""
    begin, end = (None if one is None else NOW + timedelta(days=one) for one in (since, until))
    return AccountLimit(name, None, most, begin, end)


def spans(tx: Tx, account_id: int) -> list[int | None]:
    return [one.maximum_minor for one in list_limits(tx, account_id)]


def test_only_what_is_in_force_now_counts(tx: Tx) -> None:
    found_bank(tx)
    account_id = make_account(tx, make_customer(tx))
    set_limits(tx, account_id=account_id, limits=[limit(1, since=1), limit(2, until=1)])
    assert limits_of(tx, OF_ACCOUNT, account_id) == {"balance": Range(None, 2)}


@pytest.mark.parametrize(
    ("new", "left"),
    [
        (limit(9), [9]),
        (limit(9, since=0, until=5), [9, 30]),
        (limit(9, since=2, until=10), [10, 30, 9]),
        (limit(9, since=9, until=21), [10, 9]),
        (limit(9, since=20), [10, 9]),
        (limit(9, since=30), [10, 30, 9]),
        (limit(9, name="daily_deposit"), [10, 30, 9]),
    ],
)
def test_what_overlaps_is_replaced(tx: Tx, new: AccountLimit, left: list[int]) -> None:
    found_bank(tx)
    account_id = make_account(tx, make_customer(tx))
    kept = [limit(10, until=2), limit(30, since=10, until=25)]
    set_limits(tx, account_id=account_id, limits=kept)
    set_limits(tx, account_id=account_id, limits=[new])
    assert sorted(one or 0 for one in spans(tx, account_id)) == sorted(left)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ([], "none"),
        ([limit()] * (LIMITS_MAX + 1), "many"),
        ([limit(until=0)], "dates"),
        ([limit(since=3, until=3)], "dates"),
        ([limit(None)], "range"),
        ([AccountLimit("balance", 5, 4)], "range"),
        ([AccountLimit("balance", -1, 4)], "range"),
        ([limit(99999999901)], "product"),
        ([limit(99999999901, "per_transaction_deposit")], "product"),
        ([limit(5), limit(10**12, "per_transaction_withdraw")], "product"),
    ],
)
def test_what_cannot_be_set(tx: Tx, limits: list[AccountLimit], kind: str) -> None:
    found_bank(tx)
    account_id = make_account(tx, make_customer(tx))
    with pytest.raises(LimitRefused) as refusal:
        set_limits(tx, account_id=account_id, limits=limits)
    assert refusal.value.kind == kind
    assert list_limits(tx, account_id) == []


def test_limits_are_dropped_by_id_or_name(tx: Tx) -> None:
    found_bank(tx)
    account_id = make_account(tx, make_customer(tx))
    other = make_account(tx, make_customer(tx, "Amy"))
    (foreign,) = set_limits(tx, account_id=other, limits=[limit()])
    names = ("balance", "daily_deposit", "daily_withdraw")
    found = set_limits(tx, account_id=account_id, limits=[limit(name=name) for name in names])
    assert drop_limits(tx, account_id=account_id, limit_ids=[found[0].id, foreign.id]) == 1
    assert drop_limits(tx, account_id=account_id, limit_ids=[], names=["daily_deposit"]) == 1
    assert [one.name for one in list_limits(tx, account_id)] == ["daily_withdraw"]
    assert list_limits(tx, other) == [foreign]
