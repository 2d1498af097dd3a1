"""Cheques that are not to be paid: written down by number and amount, until that ends."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.errors import StopRefused
from comptoir.domain.banking.accounts.models import FULL, RDONLY, StopPay
from comptoir.domain.banking.accounts.queries import (
    ACCESS_RANKS,
    BankAccountRow,
    access_of,
    find_bank_account,
)
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.banking.program.models import CHECKING
from comptoir.domain.banking.program.queries import get_product, get_program
from comptoir.domain.tx import Tx

# The highest number of a cheque, and the longest time that is told at once.
CHECK_NUMBER_MAX = 10**10 - 1
WINDOW = timedelta(days=30)


class StopPayRow(NamedTuple):
    """Cheques that are not to be paid; both ends of both ranges belong to them."""

    id: int
    account_id: int
    number_minimum: int
    number_maximum: int
    amount_minimum_minor: int | None
    amount_maximum_minor: int | None
    created_at: datetime
    expires_at: datetime | None


_STOPS = select(*(getattr(StopPay, name) for name in StopPayRow._fields))
OF_ACCOUNT = _STOPS.where(
    StopPay.account_id == bindparam("account_id"),
    StopPay.created_at >= bindparam("since", type_=StopPay.created_at.type),
    StopPay.created_at < bindparam("until", type_=StopPay.created_at.type),
).order_by(StopPay.id.desc())
_GET = _STOPS.where(StopPay.id == bindparam("id"))
TAKE = {"sqlite": _GET, "postgres": _GET.with_for_update(key_share=True)}


def stop_payment(
    tx: Tx, *, customer_id: int, account_id: int, numbers: tuple[int, int], amounts: tuple[int, int]
) -> int:
    """Let cheques with these numbers and amounts not be paid, and give the order's id.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    StopRefused (by kind: account, privilege, not_checking, number_minimum, number_maximum,
    amount_minimum, amount_maximum, order, number_high).
    """
    require_customer(tx, customer_id)
    account = _account(tx, customer_id, account_id, FULL)
    if get_product(tx, account.product_id).category != CHECKING:
        raise StopRefused("not_checking", "the account is not a checking account")
    said = {"number_minimum": numbers[0], "number_maximum": numbers[1]}
    said |= {"amount_minimum": amounts[0], "amount_maximum": amounts[1]}
    for kind, value in said.items():
        if value <= 0:
            raise StopRefused(kind, f"the {kind.replace('_', ' ')} must be above zero")
    if numbers[0] > numbers[1] or amounts[0] > amounts[1]:
        raise StopRefused("order", "a minimum must not be above its maximum")
    if numbers[1] > CHECK_NUMBER_MAX:
        raise StopRefused("number_high", f"checkNumberMaximum must not be above {CHECK_NUMBER_MAX}")
    stop_id = tx.ids.next("stop_pay")
    tx.insert(
        StopPay,
        id=stop_id,
        account_id=account_id,
        number_minimum=numbers[0],
        number_maximum=numbers[1],
        amount_minimum_minor=amounts[0],
        amount_maximum_minor=amounts[1],
        created_at=tx.now,
        expires_at=None,
    )
    tx.note("stop_pay.created", "bank_account", account_id, after={"stop_pay_id": stop_id})
    return stop_id


def list_stops(
    tx: Tx, *, customer_id: int, account_id: int, begin: date | None = None, end: date | None = None
) -> list[StopPayRow]:
    """The orders of at most 30 days, the newest first; of the last 30 days unless told otherwise.

    Refuses: CustomerNotFound, StopRefused (account, window).
    """
    get_customer(tx, customer_id)
    _account(tx, customer_id, account_id, RDONLY)
    zone = get_program(tx).zone
    today = tx.now.astimezone(zone).date()
    last = end or (today if begin is None else min(today, begin + WINDOW))
    first = begin or (last - WINDOW if last > date.min + WINDOW else date.min)
    if first > last or last - first > WINDOW or date.max in {first, last} or first == date.min:
        raise StopRefused(
            "window", f"the window must be of {WINDOW.days} days at most, and not end before it begins"
        )
    day_after = last + timedelta(days=1)
    rows = tx.all(
        OF_ACCOUNT,
        account_id=account_id,
        since=datetime(first.year, first.month, first.day, tzinfo=zone),
        until=datetime(day_after.year, day_after.month, day_after.day, tzinfo=zone),
    )
    return [StopPayRow(*row) for row in rows]


def expire_stop(tx: Tx, *, customer_id: int, account_id: int, stop_id: int) -> None:
    """End an order: the cheques may be paid again; one that has ended stays so.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    StopRefused (account, privilege, stop).
    """
    require_customer(tx, customer_id)
    _account(tx, customer_id, account_id, FULL)
    row = tx.one(TAKE[tx.engine], id=stop_id)
    found = None if row is None else StopPayRow(*row)
    if found is None or found.account_id != account_id:
        raise StopRefused("stop", f"stopPayId {stop_id} is invalid")
    if found.expires_at is None:
        tx.update(StopPay, stop_id, expires_at=tx.now)
        tx.note("stop_pay.expired", "bank_account", account_id, before={"stop_pay_id": stop_id})


def _account(tx: Tx, customer_id: int, account_id: int, wanted: str) -> BankAccountRow:
    """An account that is not closed, with the access that is wanted. Refuses: StopRefused."""
    account = find_bank_account(tx, account_id)
    access = access_of(tx, account_id, customer_id)
    if account is None or account.is_closed or not ACCESS_RANKS[access]:
        raise StopRefused("account", f"account id {account_id} is invalid")
    if ACCESS_RANKS[access] < ACCESS_RANKS[wanted]:
        raise StopRefused("privilege", "the customer does not have the privilege to stop payments")
    return account
