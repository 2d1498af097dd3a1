"""What a buyer's bank took back: of which payment, and how the books have it."""

from collections.abc import Iterable

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor
from comptoir.domain.explaining.order_rows import (
    GET_CHARGEBACK,
    GET_PAYMENT,
    ChargebackRow,
    PaymentRow,
)
from comptoir.domain.explaining.posted import against
from comptoir.domain.money import e4_of_minor
from comptoir.domain.payments.chart import CHARGEBACKS
from comptoir.domain.tx import Tx

AMOUNT = "amount"


def explain_chargeback(tx: Tx, chargeback_id: int, what: str) -> Explanation:
    """What was taken back, as what it left of its payment, and how the books have it. Refuses: NotExplained."""
    row = tx.one(GET_CHARGEBACK, chargeback_id=chargeback_id)
    if row is None or what != AMOUNT:
        raise NotExplained(what if row else f"of chargeback {chargeback_id}")
    chargeback = ChargebackRow(*row)
    return Explanation(_of_payment(tx, chargeback), _in_books(tx, chargeback))


def chargeback_nodes(rows: Iterable[ChargebackRow]) -> list[Node]:
    """Each chargeback by itself."""
    return [
        minor(
            f"chargeback {row.identifier}", row.amount_minor, row.currency,
            why=f"on {row.at:%Y-%m-%d}{', ' * bool(row.reason)}{row.reason}",
            link=Link("payment", row.payment_id), ask=Ask("chargeback", row.id, AMOUNT),
        )
        for row in rows
    ]  # fmt: skip


def _of_payment(tx: Tx, chargeback: ChargebackRow) -> Node:
    """The whole payment, less what the bank left of it."""
    row = tx.one(GET_PAYMENT, payment_id=chargeback.payment_id)
    payment = None if row is None else PaymentRow(*row)
    parts = [] if payment is None or payment.currency != chargeback.currency else _parts(chargeback, payment)
    why = f"taken back by the buyer's bank on {chargeback.at:%Y-%m-%d}{', ' * bool(chargeback.reason)}"
    return minor(
        "chargeback", chargeback.amount_minor, chargeback.currency,
        why=f"{why}{chargeback.reason}", link=Link("payment", chargeback.payment_id), parts=parts,
    )  # fmt: skip


def _parts(chargeback: ChargebackRow, payment: PaymentRow) -> list[Node]:
    link, ask = Link("payment", payment.id), Ask("payment", payment.id, AMOUNT)
    left_e4 = payment.amount_e4 - e4_of_minor(chargeback.amount_minor, chargeback.currency)
    return [
        exact(f"payment {payment.id}", payment.amount_e4, payment.currency, link=link, ask=ask),
        exact("what this one left of it", -left_e4, payment.currency),
    ]


def _in_books(tx: Tx, chargeback: ChargebackRow) -> Node | None:
    """Off the gateway's account, as an expense."""
    if chargeback.transfer_id is None:
        return None
    rows = postings_of_transfer(tx, chargeback.transfer_id)
    return against(rows, CHARGEBACKS.code, "in the books", chargeback.currency)
