"""What falls due is found by the time at which it does, and not a moment before."""

from __future__ import annotations

from datetime import timedelta

from comptoir.domain.banking.statements.making import draft_statements, keep_statements
from comptoir.domain.banking.statements.models import MONTHLY
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.outlook.due import COUNT_MAX, Ahead, Due, gathered
from comptoir.domain.outlook.looking import look_ahead
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import MORNING, Bank, open_bank

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def foreseen(bank: Bank, by: timedelta) -> dict[str, Ahead]:
    found = bank.shop.read(lambda tx: look_ahead(tx, until=tx.now + by))
    return {one.name: one for one in found}


def test_a_transfer_goes_out_at_the_full_hour_and_settles_an_hour_later(shop: OpenShop) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(50_000)
    assert "files" not in foreseen(bank, 44 * MINUTE)
    assert foreseen(bank, 45 * MINUTE)["files"] == Ahead("files", 1, False, [Due("transfer", pulled)])
    bank.later(minutes=45)
    bank.run()
    assert "files" not in foreseen(bank, HOUR)
    assert "settlements" not in foreseen(bank, 59 * MINUTE)
    assert foreseen(bank, HOUR)["settlements"].first == [Due("transfer", pulled)]
    bank.later(hours=1)
    bank.run()
    assert "settlements" not in foreseen(bank, HOUR)


def test_a_hold_ends_at_its_moment(shop: OpenShop) -> None:
    bank = open_bank(shop)
    at = MORNING + 3 * HOUR

    def hold(tx: Tx) -> int:
        return place_hold(
            tx, account_id=bank.account_id, amount_minor=100, subject="bank_hold", subject_id=1, expires_at=at
        )

    hold_id = bank.do(hold)
    assert "holds" not in foreseen(bank, 3 * HOUR - MINUTE)
    assert foreseen(bank, 3 * HOUR)["holds"].first == [Due("hold", hold_id, at, "bank_hold")]


def test_months_that_will_be_over_are_told_of(shop: OpenShop) -> None:
    bank = open_bank(shop)
    assert "statements" not in foreseen(bank, timedelta(days=20))
    ahead = foreseen(bank, timedelta(days=60))["statements"]
    assert (ahead.number, [one.id for one in ahead.first]) == (2, [202603, 202604])


def test_a_month_that_was_told_of_is_not_told_of_again(shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.later(days=40)
    march = Period(MONTHLY, 2026, 3)
    assert bank.do(lambda tx: keep_statements(tx, draft_statements(tx, period=march))) == 1
    assert "statements" not in foreseen(bank, HOUR)
    ahead = foreseen(bank, timedelta(days=30))["statements"]
    assert [one.id for one in ahead.first] == [202604]


def test_more_than_are_counted_are_said_to_be_more(tx: Tx) -> None:
    def many(_tx: Tx, _since: object, limit: int) -> list[Due]:
        return [Due("order", number) for number in range(limit)]

    (one,) = gathered(tx, [("many", many), ("none", lambda *_: [])], until=tx.now)
    assert (one.name, one.number, one.is_more) == ("many", COUNT_MAX, True)
