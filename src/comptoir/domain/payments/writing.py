"""Writing payment transactions and what they mean for the books, one or many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.models import PENDING as TRANSFER_PENDING
from comptoir.domain.ledger.models import POSTED
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers
from comptoir.domain.money import e4_of_minor, minor_of_e4
from comptoir.domain.orders.chart import RECEIVABLE, clearing
from comptoir.domain.orders.sales import BooksChange, change_books
from comptoir.domain.payments.models import FAIL, SUCCESS, PaymentTransaction
from comptoir.domain.tx import Tx


class NewPayment(NamedTuple):
    """A payment transaction that is about to be written; `root_id` is the order in whose books it stands."""

    id: int
    order_id: int
    root_id: int
    date: datetime
    status: str
    amount_minor: int
    currency: str
    gateway: str
    identifier: str
    response: Mapping[str, Any]


def write_payments(tx: Tx, payments: Sequence[NewPayment], *, at_creation: bool = False) -> None:
    """Write payments, their transfers and their orders' books.

    A success moves money between the gateway's clearing account and what the customer owes, a pending one
    will. Sales that come to stand with it are dated now, or `at_creation` of their orders.
    """
    moving = [payment for payment in payments if payment.status != FAIL and payment.amount_minor]
    accounts = _accounts(tx, moving)
    transfers = [_transfer(payment, accounts[payment.currency]) for payment in moving]
    ids = post_transfers(tx, transfers)
    transfer_of = {payment.id: transfer_id for payment, transfer_id in zip(moving, ids, strict=True)}
    tx.insert_many(PaymentTransaction, [_row(payment, transfer_of.get(payment.id)) for payment in payments])
    received = [payment for payment in payments if payment.status == SUCCESS]
    count_payments(
        tx, [(payment.root_id, payment.amount_minor) for payment in received], at_creation=at_creation
    )


def count_payments(tx: Tx, amounts: Sequence[tuple[int, int]], *, at_creation: bool = False) -> None:
    """Count successful amounts into the books of their root orders."""
    paid: defaultdict[int, int] = defaultdict(int)
    repaid: defaultdict[int, int] = defaultdict(int)
    for root_id, minor in amounts:
        paid[root_id] += max(minor, 0)
        repaid[root_id] += max(-minor, 0)
    changes = [BooksChange(root_id, paid[root_id], repaid[root_id]) for root_id in sorted(paid)]
    change_books(tx, changes, at_creation=at_creation)


def payable_minor(amount_e4: int, currency: str) -> int:
    """An amount in minor units. Refuses: Invalid (amount)."""
    minor = minor_of_e4(amount_e4, currency)
    if e4_of_minor(minor, currency) != amount_e4:
        raise Invalid("amount", f"is no whole amount of {currency}")
    return minor


def _accounts(tx: Tx, payments: Sequence[NewPayment]) -> dict[str, dict[str, int]]:
    gateways: defaultdict[str, set[str]] = defaultdict(set)
    for payment in payments:
        gateways[payment.currency].add(payment.gateway)
    return {
        currency: accounts_for(tx, [RECEIVABLE, *(clearing(name) for name in sorted(names))], currency)
        for currency, names in gateways.items()
    }


def _transfer(payment: NewPayment, accounts: Mapping[str, int]) -> NewTransfer:
    minor = payment.amount_minor
    return NewTransfer(
        kind="payment" if minor > 0 else "repayment",
        subject="order",
        subject_id=payment.root_id,
        postings=[(accounts[clearing(payment.gateway).code], minor), (accounts[RECEIVABLE.code], -minor)],
        at=payment.date,
        state=POSTED if payment.status == SUCCESS else TRANSFER_PENDING,
    )


def _row(payment: NewPayment, transfer_id: int | None) -> dict[str, Any]:
    return {
        "id": payment.id,
        "order_id": payment.order_id,
        "date": payment.date,
        "status": payment.status,
        "amount_e4": e4_of_minor(payment.amount_minor, payment.currency),
        "currency": payment.currency,
        "gateway": payment.gateway,
        "identifier": payment.identifier,
        "response": dict(payment.response),
        "transfer_id": transfer_id,
    }
