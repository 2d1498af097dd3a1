"""What comes of accounts with time, as the worker does it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comptoir.chores.banking_accounts import accounts, bring_interest_up_to_date, interest
from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.interest import last_day_over
from comptoir.domain.banking.accounts.models import OPEN, PENDING_OPEN
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.customers.models import MANUAL_REVIEW, VERIFIED
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import (
    become,
    found_bank,
    make_account,
    make_customer,
    pay_in,
    pay_out,
)
from tests.domain.webhooks.given import served


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    return served(shop, tmp_path)


def test_a_shop_without_a_program_has_nothing_to_do(home: ServedShop) -> None:
    assert (accounts(home), interest(home)) == (0, 0)


def test_an_account_opens_once_its_owner_is_verified(home: ServedShop) -> None:
    def opened(tx: Tx) -> tuple[int, int]:
        found_bank(tx)
        customer_id = make_customer(tx, status=MANUAL_REVIEW)
        return customer_id, make_account(tx, customer_id)

    customer_id, account_id = home.shop.write(opened)
    assert accounts(home) == 0
    assert home.shop.read(lambda tx: get_bank_account(tx, account_id)).status == PENDING_OPEN
    home.shop.write(lambda tx: become(tx, customer_id, status=VERIFIED))
    assert (accounts(home), accounts(home)) == (1, 0)
    assert home.shop.read(lambda tx: get_bank_account(tx, account_id)).status == OPEN


def test_a_goal_is_met_once_and_stays_so(home: ServedShop) -> None:
    def opened(tx: Tx) -> tuple[int, int]:
        found_bank(tx)
        customer_id = make_customer(tx)
        return customer_id, make_account(tx, customer_id, balance_minor=499, target_minor=500)

    customer_id, account_id = home.shop.write(opened)
    assert accounts(home) == 0
    home.shop.write(lambda tx: pay_in(tx, account_id, 1))
    assert (accounts(home), accounts(home)) == (1, 0)
    home.shop.write(lambda tx: pay_out(tx, account_id, 100))
    assert accounts(home) == 0
    assert home.shop.read(lambda tx: get_bank_account(tx, account_id)).target_met_at == NOW
    home.shop.write(
        lambda tx: update_bank_account(tx, customer_id=customer_id, account_id=account_id, target_minor=400)
    )
    assert accounts(home) == 1


def test_interest_is_brought_up_to_date_in_parts(home: ServedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.chores.banking_accounts.ACCOUNTS_PER_TRANSACTION", 2)

    def opened(tx: Tx) -> list[int]:
        found_bank(tx)
        return [
            make_account(tx, make_customer(tx, name), type="Savings", balance_minor=1_000_000)
            for name in ("Amy", "Bender", "Calculon")
        ]

    opened_ids = home.shop.write(opened)
    home.shop.system = lambda: datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert (interest(home), bring_interest_up_to_date(home.shop)) == (3, 0)
    for account_id in opened_ids:
        account = home.shop.read(lambda tx, i=account_id: get_bank_account(tx, i))  # type: ignore[misc]
        assert account.accrued_through == date(2026, 6, 1)
        assert account.interest_paid_on == date(2026, 5, 31)
        # March: 1273.97 cents, paid 1274. April on 10,012.74: 1234.45 less 0.03, paid 1234.
        # May on 10,025.08: 1277.17 and the 0.42 that was left over, paid 1278.
        assert account.balance_minor == 1_000_000 + 1274 + 1234 + 1278


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # Chicago is five hours behind Greenwich in summer; a quarter of an hour after midnight the day is over.
        (datetime(2026, 7, 1, 5, 14, 59, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 7, 1, 5, 15, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 3, 1, 6, 15, tzinfo=UTC), date(2026, 2, 28)),
    ],
)
def test_a_day_is_over_when_nothing_more_is_being_written(shop: OpenShop, at: datetime, day: date) -> None:
    shop.write(found_bank)
    shop.system = lambda: at
    assert shop.read(last_day_over) == day
