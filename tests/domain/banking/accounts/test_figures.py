"""What is reckoned of accounts when they are shown."""

from datetime import timedelta

from comptoir.domain.banking.accounts.figures import Figures, figures_of
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import settle, void
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer, pay_in, pay_out


def figures(tx: Tx, account_id: int) -> Figures:
    return figures_of(tx, get_program(tx), [get_bank_account(tx, account_id)])[account_id]


def at(shop: OpenShop, days: int) -> None:
    shop.system = lambda: NOW + timedelta(days=days)


def test_no_accounts_have_no_figures(tx: Tx) -> None:
    found_bank(tx)
    assert figures_of(tx, get_program(tx), []) == {}


def test_the_tier_follows_the_balance(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    savings = make_account(tx, customer_id, "Nest", type="Savings", balance_minor=999_999)
    rate = figures(tx, savings).rate
    assert rate is not None
    assert (rate.tier, rate.apr_e11) == (1, 1_000_000_000)
    pay_in(tx, savings, 1)
    rate = figures(tx, savings).rate
    assert rate is not None
    assert (rate.tier, rate.apr_e11) == (2, 1_500_000_000)
    assert figures(tx, make_account(tx, customer_id, "Rent", balance_minor=5)).rate is None


def test_withdrawals_are_those_from_savings_in_this_month_of_the_bank(shop: OpenShop) -> None:
    def opened(tx: Tx) -> tuple[int, int]:
        found_bank(tx)
        customer_id = make_customer(tx)
        savings = make_account(tx, customer_id, "Nest", type="Savings", balance_minor=1000)
        return savings, make_account(tx, customer_id, "Rent", balance_minor=1000)

    savings, checking = shop.write(opened)
    for _ in range(2):
        shop.write(lambda tx: pay_out(tx, savings, 10))
    undone = shop.write(lambda tx: pay_out(tx, savings, 10, status=INITIATED)).transfer_id
    shop.write(lambda tx: pay_out(tx, savings, 10, status=INITIATED))
    shop.write(lambda tx: void(tx, undone))
    shop.write(lambda tx: pay_out(tx, checking, 10))
    assert shop.read(lambda tx: figures(tx, savings).withdrawals) == 3
    assert shop.read(lambda tx: figures(tx, checking).withdrawals) == 0
    shop.system = lambda: NOW.replace(month=4, day=1, hour=4)  # the evening of March 31 in Chicago
    assert shop.read(lambda tx: figures(tx, savings).withdrawals) == 3
    shop.system = lambda: NOW.replace(month=4, day=1, hour=5)
    assert shop.read(lambda tx: figures(tx, savings).withdrawals) == 0


def test_a_balance_changes_when_something_is_announced_settles_or_is_held(shop: OpenShop) -> None:
    def opened(tx: Tx) -> int:
        found_bank(tx)
        return make_account(tx, make_customer(tx))

    account_id = shop.write(opened)
    assert shop.read(lambda tx: figures(tx, account_id).moved_at) is None
    announced = shop.write(lambda tx: pay_in(tx, account_id, 500, status=INITIATED)).transfer_id
    assert shop.read(lambda tx: figures(tx, account_id).moved_at) == NOW
    at(shop, 1)
    shop.write(lambda tx: pay_in(tx, account_id, 500))
    at(shop, 2)
    shop.write(lambda tx: settle(tx, announced))
    assert shop.read(lambda tx: figures(tx, account_id).moved_at) == NOW + timedelta(days=2)
    at(shop, 3)
    shop.write(lambda tx: place_hold(tx, account_id=account_id, amount_minor=7, subject="x", subject_id=1))
    assert shop.read(lambda tx: figures(tx, account_id).moved_at) == NOW + timedelta(days=3)
