"""A bank with people, accounts here and at other banks, and money on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.models import PROGRAM_RESERVE, LimitRange
from comptoir.domain.banking.program.plan import read_plan, sample_plan, sample_text
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import TransferResult, create_transfer
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import OpenShop, Tx

# A Wednesday, ten in the morning in Chicago.
WEDNESDAY = datetime(2026, 3, 4, 16, tzinfo=UTC)


def found(tx: Tx, *changes: tuple[str, str], sample: str = "example1") -> None:
    """A sample program in US dollars, with some of its lines written otherwise."""
    change_shop(tx, currency="USD")
    text = sample_text(sample)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    found_program(tx, read_plan(text) if changes else sample_plan(sample))


def person(tx: Tx, first_name: str = "Ada", **known: Any) -> int:
    """A customer of the bank."""
    named = {"first_name": first_name, "last_name": "Lovelace", **known}
    return enter_customer(tx, named, status=VERIFIED)  # type: ignore[arg-type]


def account(tx: Tx, customer_id: int, minor: int = 0, *, name: str = "Everyday", **said: Any) -> int:
    """An account with some money of the reserve on it."""
    account_id = open_bank_account(tx, customer_id=customer_id, name=name, **said)
    if minor:
        move_money(tx, Movement(minor, reserve(tx), account_id, "RSVDEP", customer_id=customer_id))
    return account_id


def elsewhere(tx: Tx, customer_id: int, number: str = "400100", **said: Any) -> int:
    """An account at another bank, verified."""
    details = Details(
        type=said.pop("type", "Checking"), account_number=number, routing_number="091000019",
        first_name="Ada", last_name="Lovelace", **said,
    )  # fmt: skip
    return create_external_account(tx, customer_id=customer_id, details=details)


def reserve(tx: Tx) -> int:
    """The program's reserve."""
    found_id = program_account_of(tx, PROGRAM_RESERVE)
    assert found_id is not None
    return found_id


def ask(tx: Tx, customer_id: int, from_id: int, to_id: int, minor: int, **said: Any) -> list[TransferResult]:
    """A transfer as the API asks for it."""
    return create_transfer(tx, TransferOrder(customer_id, from_id, to_id, minor, **said))


def limit(tx: Tx, scope: str, scope_id: int, name: str, most: int) -> None:
    """A limit that is in force at once."""
    tx.insert(
        LimitRange, id=tx.ids.next("limit_range"), scope=scope, scope_id=scope_id, name=name,
        minimum_minor=None, maximum_minor=most, effective_at=None, expires_at=None,
    )  # fmt: skip


def stands(tx: Tx, account_id: int) -> tuple[int, int, int]:
    """An account's balance, what of it is available, and what is on its way to it."""
    standing = get_account(tx, account_id)
    return standing.balance_minor, standing.available_minor, standing.pending_in_minor


def at(shop: OpenShop, moment: datetime) -> None:
    """Let it be a moment."""
    shop.system = lambda: moment


def later(shop: OpenShop, **by: float) -> None:
    """Let time pass."""
    moment = shop.system() + timedelta(**by)
    shop.system = lambda: moment
