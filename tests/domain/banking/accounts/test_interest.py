"""Interest on the clock: each day once, on what the balance was, paid when its month is over."""

import random  # noqa: TID251 - a seeded source of movements
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from comptoir.domain.banking.accounts.earning import ONE_DAY
from comptoir.domain.banking.accounts.interest import accrue, begin_accruing, pay
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.movements.models import INITIATED, BankTransfer
from comptoir.domain.banking.movements.moving import settle
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer, pay_in, pay_out

DAILY_E8 = 4_109_589_041  # 10,000.00 at 1.5 %
PAID = (
    select(BankTransfer.type_code, BankTransfer.amount_minor, BankTransfer.description)
    .where(BankTransfer.type_code.like("INT%"))
    .order_by(BankTransfer.transfer_id)
)


def at(shop: OpenShop, day: date, hour: int = 18) -> None:
    """Noon in Chicago, or so many hours after the day began in Greenwich."""
    shop.system = lambda: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def open_savings(shop: OpenShop, balance_minor: int = 1_000_000, *, on: date, name: str = "Nest") -> int:
    at(shop, on)

    def opened(tx: Tx) -> int:
        found_bank(tx)
        customer_id = make_customer(tx, name, is_backup_withholding=name == "Zapp")
        return make_account(tx, customer_id, type="Savings", balance_minor=balance_minor)

    return shop.write(opened)


def run(shop: OpenShop, today: date, hour: int = 18) -> int:
    """What the worker does on a day."""
    at(shop, today, hour)
    return shop.write(lambda tx: accrue(tx, through=today - ONE_DAY))


def found(shop: OpenShop, account_id: int) -> BankAccountRow:
    return shop.read(lambda tx: get_bank_account(tx, account_id))


def paid(shop: OpenShop) -> list[tuple[str, int, str]]:
    return [(code, minor, words) for code, minor, words in shop.read(lambda tx: tx.all(PAID))]


def test_each_day_counts_once_however_often_it_is_run(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 1))
    assert run(shop, date(2026, 3, 1)) == 0
    assert [run(shop, date(2026, 3, 3)) for _ in range(3)] == [1, 0, 0]
    assert run(shop, date(2026, 3, 2)) == 0
    account = found(shop, account_id)
    assert (account.accrued_e8, account.accrued_through) == (2 * DAILY_E8, date(2026, 3, 2))
    assert account.balance_minor == 1_000_000


def test_a_month_is_paid_when_it_is_over(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 1))
    run(shop, date(2026, 3, 31))
    assert paid(shop) == []
    run(shop, date(2026, 4, 1))
    # 31 days of 41.09589041 cents are 1273.97 cents.
    assert paid(shop) == [("INTPAY", 1274, "Interest until 2026-03-31")]
    account = found(shop, account_id)
    assert (account.balance_minor, account.interest_paid_on) == (1_001_274, date(2026, 3, 31))
    assert account.accrued_e8 == 31 * DAILY_E8 - 1274 * 10**8


def test_a_leap_year_has_a_day_more(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2028, 2, 1))
    run(shop, date(2028, 3, 1))
    assert found(shop, account_id).accrued_e8 == 29 * DAILY_E8 - 1192 * 10**8
    assert paid(shop) == [("INTPAY", 1192, "Interest until 2028-02-29")]


def test_the_tier_is_that_of_each_day(shop: OpenShop) -> None:
    account_id = open_savings(shop, 999_999, on=date(2026, 3, 1))
    at(shop, date(2026, 3, 2))
    shop.write(lambda tx: pay_in(tx, account_id, 1))
    run(shop, date(2026, 3, 3))
    assert found(shop, account_id).accrued_e8 == 999_999 * 10**9 // 365_000 + DAILY_E8


def test_a_day_is_the_banks_and_ends_at_its_midnight(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 1))
    at(shop, date(2026, 3, 3), hour=5)  # still the evening of March 2 in Chicago
    shop.write(lambda tx: pay_out(tx, account_id, 1_000_000))
    at(shop, date(2026, 3, 9), hour=4)  # 23:00 of March 8, on which summer time began
    shop.write(lambda tx: pay_in(tx, account_id, 1_000_000))
    at(shop, date(2026, 3, 9), hour=5)
    shop.write(lambda tx: pay_out(tx, account_id, 1_000_000))
    run(shop, date(2026, 3, 11))
    assert found(shop, account_id).accrued_e8 == 2 * DAILY_E8  # of March 1 and of March 8


def test_what_is_only_announced_earns_nothing_yet(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 1))
    announced = shop.write(lambda tx: pay_out(tx, account_id, 1_000_000, status=INITIATED)).transfer_id
    at(shop, date(2026, 3, 4))
    shop.write(lambda tx: settle(tx, announced))
    run(shop, date(2026, 3, 7))
    assert found(shop, account_id).accrued_e8 == 3 * DAILY_E8


def test_tax_is_withheld_where_the_office_wants_that(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 1), name="Zapp")
    run(shop, date(2026, 4, 1))
    assert [one[:2] for one in paid(shop)] == [("INTPAY", 1274), ("INTWHD", 306)]
    assert found(shop, account_id).balance_minor == 1_000_000 + 1274 - 306


@pytest.mark.parametrize("seed", range(2))
def test_what_is_done_late_is_as_if_it_had_been_done_in_time(shop: OpenShop, seed: int) -> None:
    first, last = date(2026, 1, 20), date(2026, 4, 9)
    daily = open_savings(shop, on=first)
    late = shop.write(
        lambda tx: make_account(tx, make_customer(tx, "Late"), type="Savings", balance_minor=1_000_000)
    )
    begun = found(shop, late).accrued_through
    choose = random.Random(seed)
    let(shop, late, None)
    for number in range((last - first).days):
        today = first + number * ONE_DAY
        run(shop, today, hour=7)
        at(shop, today, hour=choose.randrange(7, 29))
        for _ in range(choose.randrange(3)):
            change, amount = choose.choice((pay_in, pay_out)), choose.randrange(1, 400_000)
            least = min(found(shop, account_id).available_minor for account_id in (daily, late))
            if change is pay_in or least >= amount:
                for account_id in (daily, late):
                    shop.write(lambda tx, c=change, i=account_id, a=amount: c(tx, i, a))  # type: ignore[misc]
    run(shop, last)
    in_time = paid(shop)
    assert found(shop, late).accrued_e8 == 0
    let(shop, late, begun)
    assert run(shop, last) == 1
    assert paid(shop) == in_time + in_time
    assert len(in_time) == 3
    one, other = found(shop, daily), found(shop, late)
    assert (one.accrued_e8, one.balance_minor) == (other.accrued_e8, other.balance_minor)


def let(shop: OpenShop, account_id: int, through: date | None) -> None:
    """Let the clock not have been looked at for an account since a day."""
    changed = update(BankAccount).where(BankAccount.account_id == account_id).values(accrued_through=through)
    shop.write(lambda tx: tx.run(changed))


def test_runs_are_cut_into_parts(shop: OpenShop) -> None:
    open_savings(shop, on=date(2026, 3, 1))
    for name in ("Amy", "Kif"):
        shop.write(lambda tx, n=name: make_account(tx, make_customer(tx, n), type="Savings"))  # type: ignore[misc]
    at(shop, date(2026, 3, 2))
    parts = [shop.write(lambda tx: accrue(tx, through=date(2026, 3, 1), limit=2)) for _ in range(3)]
    assert parts == [2, 1, 0]


def test_an_account_that_earns_nothing_is_left_alone(shop: OpenShop) -> None:
    at(shop, date(2026, 3, 1))

    def opened(tx: Tx) -> int:
        found_bank(tx)
        return make_account(tx, make_customer(tx), balance_minor=1_000_000)

    account_id = shop.write(opened)
    assert run(shop, date(2026, 5, 1)) == 0
    assert shop.write(lambda tx: pay(tx, account_id=account_id)) is None


def test_a_product_may_bear_interest_later(shop: OpenShop) -> None:
    at(shop, date(2026, 3, 1))

    def opened(tx: Tx) -> int:
        found_bank(tx, ("interest = true\nreg_d", "interest = false\nreg_d"))
        return make_account(tx, make_customer(tx), type="Savings", balance_minor=1_000_000)

    account_id = shop.write(opened)
    assert shop.write(lambda tx: begin_accruing(tx, through=date(2026, 3, 5))) == 0
    shop.write(found_bank)
    assert shop.write(lambda tx: begin_accruing(tx, through=date(2026, 3, 5))) == 1
    run(shop, date(2026, 3, 8))
    assert found(shop, account_id).accrued_e8 == 2 * DAILY_E8


def test_what_is_earned_can_be_paid_before_the_month_is_over(shop: OpenShop) -> None:
    account_id = open_savings(shop, on=date(2026, 3, 20), name="Zapp")
    at(shop, date(2026, 4, 11))
    payment = shop.write(lambda tx: pay(tx, account_id=account_id))
    assert payment is not None
    # March: 12 days, 493 cents. April: 10 days of 10,000.00 + 4.93 - 1.18, 411 cents.
    assert [one[:2] for one in paid(shop)] == [
        ("INTPAY", 493),
        ("INTPAY", 411),
        ("INTWHD", 118),
        ("INTWHD", 99),
    ]
    assert (payment.gross_minor, payment.withheld_minor) == (904, 217)
    account = found(shop, account_id)
    assert (account.accrued_e8, account.accrued_through) == (0, date(2026, 4, 10))
    assert run(shop, date(2026, 4, 11)) == 0
    assert shop.write(lambda tx: pay(tx, account_id=account_id)) is not None
    assert found(shop, account_id).balance_minor == 1_000_000 + 904 - 217
