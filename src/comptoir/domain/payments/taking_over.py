"""Taking over what renews sales, and what buyers' banks took back, from elsewhere: many rows at once.

Each verb tells for each row what is wrong with it, or None; the wrong ones are left out, the others kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse, text_problems
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers
from comptoir.domain.orders.chart import clearing
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.sales import find_books
from comptoir.domain.payments.chart import CHARGEBACKS
from comptoir.domain.payments.models import SUCCESS, Chargeback, PaymentMethod, PaymentTransaction
from comptoir.domain.payments.queries import PaymentRow
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

Row = Mapping[str, Any]
Columns = dict[str, Any]
Problem = Invalid | None

_live = Order.removed_at.is_(None)
SALES = select(Order.sale_id).where(among(Order.sale_id, "ids"), _live).distinct()
RENEWED = select(PaymentMethod.sale_id).where(among(PaymentMethod.sale_id, "ids"))
PAYMENTS = (
    select(*(PaymentTransaction.__table__.columns[name] for name in PaymentRow._fields))
    .join(Order, Order.id == PaymentTransaction.order_id)
    .where(among(PaymentTransaction.id, "ids"), _live)
)
LOST = (
    select(Chargeback.payment_id, func.sum(Chargeback.amount_minor))
    .where(among(Chargeback.payment_id, "ids"))
    .group_by(Chargeback.payment_id)
)
TAKEN_IDS = select(Chargeback.id).where(among(Chargeback.id, "ids"))
TAKEN_NAMES = select(Chargeback.identifier).where(among(Chargeback.identifier, "names"))


def import_methods(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep what renews sales. Refuses per row: Invalid (sale_id, gateway, method)."""
    ids = [row["sale_id"] for row in rows]
    sales = {sale_id for (sale_id,) in tx.all(SALES, ids=ids)}
    renewed = {sale_id for (sale_id,) in tx.all(RENEWED, ids=ids)}
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        values = {"updated_at": tx.now, **row}
        try:
            _refuse_method(values, sales - renewed)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        renewed.add(values["sale_id"])
        good.append(values)
    tx.insert_many(PaymentMethod, good)
    for values in good:
        tx.note("sale.method_imported", "sale", values["sale_id"], after={"gateway": values["gateway"]})
    return problems


def import_chargebacks(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep what buyers' banks took back, and post it at its time.

    Refuses per row: Invalid (id, payment_id, identifier, reason, amount_minor).
    """
    known = _Known(tx, rows)
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        try:
            good.append(known.taken({"reason": "", **row}))
        except Invalid as problem:
            problems.append(problem)
        else:
            problems.append(None)
    if good:
        _write(tx, good, known.payments)
    return problems


class _Known:
    """What decides whether chargebacks can be kept, before the first and after each of them."""

    def __init__(self, tx: Tx, rows: Sequence[Row]) -> None:
        ids = [row["payment_id"] for row in rows]
        self.payments = {row[0]: PaymentRow(*row) for row in tx.all(PAYMENTS, ids=ids)}
        orders = find_books(tx, [payment.order_id for payment in self.payments.values()])
        find_books(tx, [books.root_id for books in orders.values()])
        self.lost = {payment_id: int(minor) for payment_id, minor in tx.all(LOST, ids=ids)}
        self.ids = {key for (key,) in tx.all(TAKEN_IDS, ids=[row["id"] for row in rows if "id" in row])}
        names = [row["identifier"] for row in rows]
        self.names = {name for (name,) in tx.all(TAKEN_NAMES, names=names)}

    def taken(self, row: Columns) -> Columns:
        """The row with what it takes from its payment. Refuses: Invalid."""
        self._refuse(row)
        payment = self.payments[row["payment_id"]]
        left = payable_minor(payment.amount_e4, payment.currency) - self.lost.get(payment.id, 0)
        if not 0 < row["amount_minor"] <= left:
            raise Invalid("amount_minor", f"is not above zero, or more than the {left} that are left")
        self.lost[payment.id] = self.lost.get(payment.id, 0) + row["amount_minor"]
        self.ids.add(row.get("id", 0))
        self.names.add(row["identifier"])
        return row | {"order_id": payment.order_id, "currency": payment.currency}

    def _refuse(self, row: Columns) -> None:
        if row.get("id") in self.ids:
            raise Invalid("id", "is taken")
        payment = self.payments.get(row["payment_id"])
        if payment is None or payment.status != SUCCESS or payment.amount_e4 <= 0:
            raise Invalid("payment_id", f"names payment {row['payment_id']}, which brought no money")
        refuse(text_problems(row, short=("identifier",), long=("reason",)))
        if not row["identifier"].strip() or row["identifier"] in self.names:
            raise Invalid("identifier", "is empty, or that of another chargeback")


def _refuse_method(row: Columns, sales: set[int]) -> None:
    if row["sale_id"] not in sales:
        raise Invalid("sale_id", f"names sale {row['sale_id']}, which does not exist or is renewed already")
    refuse(text_problems(row, short=("gateway", "method")))
    for name in ("gateway", "method"):
        if not row[name].strip():
            raise Invalid(name, "must not be empty")


def _write(tx: Tx, good: Sequence[Columns], payments: Mapping[int, PaymentRow]) -> None:
    tx.ids.reach("chargeback", max((row["id"] for row in good if "id" in row), default=0))
    for row in good:
        if "id" not in row:
            row["id"] = tx.ids.next("chargeback")
    ids = post_transfers(tx, [_transfer(tx, row, payments[row["payment_id"]].gateway) for row in good])
    tx.insert_many(Chargeback, [row | {"transfer_id": moved} for row, moved in zip(good, ids, strict=True)])
    for row in good:
        after = {"chargeback_id": row["id"], "order_id": row["order_id"], "amount_minor": row["amount_minor"]}
        tx.note("payment.chargeback_imported", "payment", row["payment_id"], after=after)


def _transfer(tx: Tx, row: Columns, gateway: str) -> NewTransfer:
    accounts = accounts_for(tx, [CHARGEBACKS, clearing(gateway)], row["currency"])
    minor = row["amount_minor"]
    postings = [(accounts[CHARGEBACKS.code], minor), (accounts[clearing(gateway).code], -minor)]
    return NewTransfer("chargeback", "chargeback", row["id"], postings, row["at"], memo=row["reason"])
