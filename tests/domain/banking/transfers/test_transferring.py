"""Transfers between accounts here, the program's, and those at other banks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.movements.errors import Reason, TransferRefused
from comptoir.domain.banking.movements.moving import get_moved, settle, void
from comptoir.domain.banking.movements.uses import Use, used_in_month
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx, savepoint
from tests.domain.banking.transfers.given import (
    WEDNESDAY,
    account,
    ask,
    at,
    elsewhere,
    found,
    limit,
    person,
    reserve,
    stands,
)

DAY = date(2026, 3, 1)


def reasons(refused: pytest.ExceptionInfo[TransferRefused]) -> list[Reason]:
    return [problem.reason for problem in refused.value.problems]


def refused(tx: Tx, *order: int, **said: Any) -> list[Reason]:
    """Why a transfer is refused."""
    with pytest.raises(TransferRefused) as told, savepoint(tx):
        ask(tx, *order, **said)
    return reasons(told)


def test_between_two_accounts_it_settles_at_once_with_a_transaction_on_each(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, two = account(tx, ada, 10_000), account(tx, ada, name="Savings")
    results = ask(tx, ada, one, two, 2_500, tag="rent", description="Rent")
    assert [(each.customer_id, each.tag) for each in results] == [(ada, "rent"), (ada, "rent")]
    assert results[0].transaction_id != results[1].transaction_id
    assert stands(tx, one) == (7_500, 7_500, 0)
    assert stands(tx, two) == (2_500, 2_500, 0)
    moved = get_moved(tx, results[0].master_id)
    assert (moved.status, moved.type_code, moved.from_id, moved.to_id) == ("Settled", "CPXFR", one, two)
    assert prove_books(tx) == []


def test_from_the_reserve_and_back(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one = account(tx, ada)
    (result,) = ask(tx, ada, reserve(tx), one, 5_000)
    assert get_moved(tx, result.master_id).type_code == "RSVDEP"
    (result,) = ask(tx, ada, one, reserve(tx), 2_000)
    assert get_moved(tx, result.master_id).type_code == "RSVWTH"
    assert stands(tx, one) == (3_000, 3_000, 0)


def test_what_comes_from_another_bank_waits_and_then_counts(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, other = account(tx, ada), elsewhere(tx, ada)
    (result,) = ask(tx, ada, other, one, 50_000)
    moved = get_moved(tx, result.master_id)
    assert (moved.status, moved.type_code, moved.external_account_id) == ("Initiated", "CPDEP", other)
    assert stands(tx, one) == (0, 0, 50_000)
    settle(tx, moved.transfer_id)
    assert stands(tx, one) == (50_000, 50_000, 0)
    assert prove_books(tx) == []


def test_what_goes_to_another_bank_is_not_available_until_it_is_void(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, other = account(tx, ada, 50_000), elsewhere(tx, ada)
    (result,) = ask(tx, ada, one, other, 20_000)
    assert stands(tx, one) == (50_000, 30_000, 0)
    use = Use("account", one, "withdraw")
    assert used_in_month(tx, use, DAY) == (20_000, 1)
    void(tx, result.master_id)
    assert stands(tx, one) == (50_000, 50_000, 0)
    assert used_in_month(tx, use, DAY) == (0, 0)


def test_without_bank_files_both_directions_settle_at_once(tx: Tx) -> None:
    found(tx, sample="prepaid")
    ada = person(tx)
    one, other = account(tx, ada, type="Client"), elsewhere(tx, ada, type="Client")
    ask(tx, ada, other, one, 125)
    ask(tx, ada, one, other, 120)
    assert stands(tx, one) == (5, 5, 0)
    assert prove_books(tx) == []


def test_both_ends_that_are_not_there_are_told_together(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    assert refused(tx, ada, 0, 0, 100) == [Reason.SOURCE, Reason.DESTINATION]
    bob = person(tx, "Bob")
    theirs, abroad = account(tx, bob, 100), elsewhere(tx, bob)
    assert refused(tx, ada, theirs, abroad, 100) == [Reason.SOURCE, Reason.DESTINATION]


def test_ends_between_which_nothing_moves(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, a, b = account(tx, ada, 100), elsewhere(tx, ada), elsewhere(tx, ada, "400101")
    assert refused(tx, ada, one, one, 100) == [Reason.DESTINATION]
    assert refused(tx, ada, a, b, 100) == [Reason.KINDS]


@pytest.mark.unbalanced
@pytest.mark.parametrize(
    ("values", "as_source", "as_target"),
    [
        ({"status": "Closed"}, Reason.SOURCE_INACTIVE, Reason.DESTINATION_CLOSED),
        ({"status": "PendingClosed"}, Reason.SOURCE_INACTIVE, Reason.DESTINATION_NOT_OPEN),
        ({"lock_type": "CST", "lock_reason": "FRZ"}, Reason.SOURCE_FROZEN, Reason.DESTINATION_LOCKED),
        ({"lock_type": "SYS", "lock_reason": "TMP"}, Reason.SOURCE_LOCKED, Reason.DESTINATION_LOCKED),
        ({"lock_type": "CST", "lock_reason": "CO"}, Reason.SOURCE_LOCKED, None),
    ],
)
def test_states_of_accounts(
    tx: Tx, values: dict[str, str], as_source: Reason, as_target: Reason | None
) -> None:
    found(tx)
    ada = person(tx)
    one, two = account(tx, ada, 100), account(tx, ada, 100, name="Savings")
    tx.update(BankAccount, one, **values)
    assert refused(tx, ada, one, two, 10) == [as_source]
    if as_target is None:
        ask(tx, ada, two, one, 10)
    else:
        assert refused(tx, ada, two, one, 10) == [as_target]


@pytest.mark.parametrize(
    ("values", "as_source", "as_target"),
    [
        ({"status": "Unverified"}, Reason.SOURCE_UNVERIFIED, Reason.DESTINATION_NOT_OPEN),
        ({"status": "Archived"}, Reason.SOURCE_INACTIVE, Reason.DESTINATION_CLOSED),
        ({"is_locked": True, "locked_reason": ""}, Reason.SOURCE_LOCKED, Reason.DESTINATION_LOCKED),
    ],
)
def test_states_of_accounts_elsewhere(
    tx: Tx, values: dict[str, object], as_source: Reason, as_target: Reason
) -> None:
    found(tx)
    ada = person(tx)
    one, other = account(tx, ada, 100), elsewhere(tx, ada)
    tx.update(ExternalAccount, other, **values)
    assert refused(tx, ada, other, one, 10) == [as_source]
    assert refused(tx, ada, one, other, 10) == [as_target]


@pytest.mark.parametrize("minor", [0, -5])
def test_an_amount_that_is_none_is_refused_at_both_ends(tx: Tx, minor: int) -> None:
    found(tx)
    ada = person(tx)
    one, two = account(tx, ada, 100), account(tx, ada, name="Savings")
    assert refused(tx, ada, one, two, minor) == [Reason.WITHDRAW_RANGE, Reason.DEPOSIT_RANGE]
    assert refused(tx, ada, elsewhere(tx, ada), two, minor) == [Reason.DEPOSIT_RANGE]


def test_limits_are_counted_day_by_day_and_month_by_month(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx, sample="prepaid")
        ada = person(tx)
        one, other = account(tx, ada, type="Client"), elsewhere(tx, ada, type="Client")
        limit(tx, "account", one, "daily_deposit", 40_000)
        limit(tx, "account", one, "monthly_deposit", 60_000)
        return ada, one, other

    at(shop, WEDNESDAY)
    ada, one, other = shop.write(build)
    shop.write(lambda tx: ask(tx, ada, other, one, 30_000))
    with pytest.raises(TransferRefused) as told:
        shop.write(lambda tx: ask(tx, ada, other, one, 25_000))
    assert reasons(told) == [Reason.DEPOSIT_PER_DAY, Reason.CUSTOMER_PER_DAY]
    shop.write(lambda tx: ask(tx, ada, other, one, 10_000))
    at(shop, WEDNESDAY.replace(day=5))
    with pytest.raises(TransferRefused) as told:
        shop.write(lambda tx: ask(tx, ada, other, one, 20_100))
    assert reasons(told) == [Reason.DEPOSIT_PER_MONTH]
    at(shop, WEDNESDAY.replace(month=4))
    shop.write(lambda tx: ask(tx, ada, other, one, 40_000))
    assert shop.read(lambda tx: stands(tx, one)) == (80_000, 80_000, 0)


def test_every_problem_of_the_last_step_is_told(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx, ('same_day_deadline = "12:00"', 'same_day_deadline = "09:00"'))
        ada = person(tx)
        saved = account(tx, ada, 5_000_000, name="Saved", type="Savings")
        other = elsewhere(tx, ada)
        for number in range(6):
            ask(tx, ada, saved, other, 1, tag=f"t{number}")
        return ada, saved, other

    at(shop, WEDNESDAY)
    ada, saved, other = shop.write(build)
    with pytest.raises(TransferRefused) as told:
        shop.write(lambda tx: ask(tx, ada, saved, other, 2_500_001, tag="t3", is_same_day=True))
    assert reasons(told) == [
        Reason.TAG, Reason.SAME_DAY_LATE, Reason.SAME_DAY_LARGE, Reason.WITHDRAWAL_COUNT,
    ]  # fmt: skip


def test_a_tag_that_is_taken_is_said_before_what_has_changed_since(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, other = account(tx, ada, 100), elsewhere(tx, ada)
    ask(tx, ada, one, other, 60, tag="t")
    assert refused(tx, ada, one, other, 60) == [Reason.FUNDS]
    # Whoever lost the answer and asks again is told first that it was done.
    assert refused(tx, ada, one, other, 60, tag="t") == [Reason.TAG, Reason.FUNDS]
    assert refused(tx, ada, one, other, 40, tag="t") == [Reason.TAG]


def test_another_customer_receives_on_an_account_of_theirs(tx: Tx) -> None:
    found(tx)
    ada, bob = person(tx), person(tx, "Bob")
    one, theirs = account(tx, ada, 1_000), account(tx, bob)
    assert refused(tx, ada, one, theirs, 10) == [Reason.DESTINATION]
    paid, received = ask(tx, ada, one, theirs, 400, to_customer_id=bob, tag="x", to_tag="y")
    assert (paid.customer_id, paid.tag, received.customer_id, received.tag) == (ada, "x", bob, "y")
    assert stands(tx, theirs) == (400, 400, 0)
    assert refused(tx, ada, one, theirs, 10, to_customer_id=999) == [Reason.DESTINATION]
    assert refused(tx, ada, one, theirs, 10, to_customer_id=bob, to_tag="y") == [Reason.TAG]


def test_features_and_caps(tx: Tx) -> None:
    found(
        tx,
        ('"peer_to_peer", ', ""),
        ("internal_transfers = true", 'internal_transfers = false\ntotal_balance = "20.00"'),
    )
    ada, bob = person(tx), person(tx, "Bob")
    one, two = account(tx, ada, 1_000), account(tx, ada, name="Two")
    assert refused(tx, ada, one, two, 10, to_customer_id=bob) == [Reason.PEER_TO_PEER]
    assert refused(tx, ada, one, two, 10) == [Reason.INTERNAL]
    limit(tx, "account", two, "balance", 500)
    assert refused(tx, ada, reserve(tx), two, 1_001) == [Reason.CUSTOMER_BALANCE, Reason.ACCOUNT_BALANCE]
    assert refused(tx, ada, reserve(tx), two, 501) == [Reason.ACCOUNT_BALANCE]
    ask(tx, ada, reserve(tx), two, 500)
