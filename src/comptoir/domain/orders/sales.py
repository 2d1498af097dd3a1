"""An order's account in the books: the sale recognised, what was paid, repaid and refunded.

The sale of an order stands as long as somebody owes it or has paid for it: cancelling or declining an order
for which no money was kept reverses its sale, and any other status, or money coming in, restores it. A child
order posts nothing: it is part of its parent's sale.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers, reverse_transfer
from comptoir.domain.money import minor_of_e4, shares
from comptoir.domain.orders.chart import (
    DISCOUNTS,
    INSURANCE_INCOME,
    RECEIVABLE,
    SALE_PLANS,
    SALES,
    SHIPPING_INCOME,
    SURCHARGE_INCOME,
    TAX_PAYABLE,
)
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.models import VOID_STATUSES, Order
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class OrderBooks(NamedTuple):
    """What the books must know of an order."""

    id: int
    parent_id: int | None
    is_renewal: bool
    status: str
    created_at: datetime
    removed_at: datetime | None
    version: int
    currency: str
    tax_included: bool
    delivery_e4: int
    insurance_e4: int
    surcharge_e4: int
    discount_e4: int
    tax_e4: int
    total_minor: int
    charges_minor: int
    charges_tax_minor: int
    paid_minor: int
    repaid_minor: int
    refunded_minor: int
    sale_transfer_id: int | None

    @property
    def root_id(self) -> int:
        """The order whose sale covers this one: its parent if it is a part of that, or itself."""
        return self.id if self.parent_id is None or self.is_renewal else self.parent_id

    @property
    def is_due(self) -> bool:
        """Whether the sale must stand in the books."""
        if self.root_id != self.id:
            return False
        kept = self.paid_minor > self.repaid_minor or self.refunded_minor > 0
        return kept or self.status not in VOID_STATUSES


class BooksChange(NamedTuple):
    """What came in, went out or is no longer owed for an order."""

    order_id: int
    paid_minor: int = 0
    repaid_minor: int = 0
    refunded_minor: int = 0


BOOKS = select(
    Order.id, Order.parent_id, Order.is_renewal, Order.status, Order.created_at, Order.removed_at, Order.version,
    Order.currency, Order.tax_included, Order.delivery_e4, Order.insurance_e4, Order.surcharge_e4,
    Order.discount_e4, Order.tax_e4, Order.total_minor,
    Order.charges_minor, Order.charges_tax_minor, Order.paid_minor,
    Order.repaid_minor, Order.refunded_minor, Order.sale_transfer_id,
)  # fmt: skip
_AMONG = BOOKS.where(among(Order.id, "ids")).order_by(Order.id)
LOCK_BOOKS = {"sqlite": _AMONG, "postgres": _AMONG.with_for_update(key_share=True)}
CHANGE_BOOKS = (
    update(Order)
    .where(Order.id == bindparam("order_id"))
    .values(
        paid_minor=Order.paid_minor + bindparam("paid_minor"),
        repaid_minor=Order.repaid_minor + bindparam("repaid_minor"),
        refunded_minor=Order.refunded_minor + bindparam("refunded_minor"),
    )
)
SET_SALE = (
    update(Order)
    .where(Order.id == bindparam("order_id"))
    .values(sale_transfer_id=bindparam("sale_transfer_id"))
)


def find_books(tx: Tx, order_ids: Iterable[int], *, is_looking: bool = False) -> dict[int, OrderBooks]:
    """Those of the orders that exist, removed or not, locked until the transaction ends; not to look only."""
    wanted = sorted(set(order_ids))
    statement = _AMONG if is_looking else LOCK_BOOKS[tx.engine]
    return {row[0]: OrderBooks(*row) for row in tx.all(statement, ids=wanted)}


def lock_order(tx: Tx, order_id: int) -> OrderBooks:
    """An order, locked until the transaction ends. Refuses: OrderNotFound."""
    books = find_books(tx, [order_id]).get(order_id)
    if books is None or books.removed_at is not None:
        raise OrderNotFound(order_id)
    return books


def lock_root(tx: Tx, order_id: int) -> OrderBooks:
    """The order in whose books an order stands, locked; a removed parent still keeps them.

    Refuses: OrderNotFound.
    """
    books = lock_order(tx, order_id)
    return books if books.root_id == books.id else find_books(tx, [books.root_id])[books.root_id]


def change_books(tx: Tx, changes: Sequence[BooksChange], *, at_creation: bool = False) -> None:
    """Count money into root orders' books, and let their sales stand or fall with it.

    Sales that come to stand are dated now, or `at_creation` of their orders.
    """
    tx.run_many(CHANGE_BOOKS, [change._asdict() for change in changes])
    settle_sales(tx, {change.order_id for change in changes}, at_creation=at_creation)


def settle_sales(tx: Tx, order_ids: Iterable[int], *, at_creation: bool = False) -> None:
    """Post the sales that are due and reverse those that are not."""
    found = find_books(tx, order_ids).values()
    for books in found:
        if books.sale_transfer_id is not None and not books.is_due:
            reverse_transfer(tx, transfer_id=books.sale_transfer_id, memo=books.status)
            tx.run(SET_SALE, order_id=books.id, sale_transfer_id=None)
    due = [books for books in found if books.sale_transfer_id is None and books.is_due]
    posted = post_sales(tx, due, at=None if at_creation else tx.now)
    tx.run_many(
        SET_SALE, [{"order_id": key, "sale_transfer_id": transfer_id} for key, transfer_id in posted.items()]
    )


def post_sales(tx: Tx, due: Sequence[OrderBooks], *, at: datetime | None = None) -> dict[int, int]:
    """Recognise sales, at the orders' own times if no other is given; the transfers' ids by order.

    An order of nothing is not posted.
    """
    accounts = {
        currency: accounts_for(tx, SALE_PLANS, currency) for currency in {books.currency for books in due}
    }
    transfers = [_sale(books, accounts[books.currency], at) for books in due]
    worth = [transfer for transfer in transfers if transfer.postings]
    ids = post_transfers(tx, worth)
    return {
        transfer.subject_id: transfer_id for transfer, transfer_id in zip(worth, ids, strict=True)
    }  # fmt: skip


def _sale(books: OrderBooks, accounts: Mapping[str, int], at: datetime | None) -> NewTransfer:
    entries = [(accounts[code], minor) for code, minor in sale_entries(books) if minor]
    return NewTransfer("sale", "order", books.id, entries, at or books.created_at)


def sale_entries(books: OrderBooks) -> list[tuple[str, int]]:
    """What recognising the sale posts: the total is owed, the discount was given, the rest is earned."""
    charges_e4 = (books.delivery_e4, books.insurance_e4, books.surcharge_e4)
    charges = [minor_of_e4(charge, books.currency) for charge in charges_e4]
    if books.tax_included:
        taxes = shares(books.charges_tax_minor, charges)
        charges = [charge - tax for charge, tax in zip(charges, taxes, strict=True)]
    tax = minor_of_e4(books.tax_e4, books.currency)
    discount = minor_of_e4(books.discount_e4, books.currency)
    delivery, insurance, surcharge = charges
    return [
        (RECEIVABLE.code, books.total_minor),
        (DISCOUNTS.code, discount),
        (TAX_PAYABLE.code, -tax),
        (SHIPPING_INCOME.code, -delivery),
        (INSURANCE_INCOME.code, -insurance),
        (SURCHARGE_INCOME.code, -surcharge),
        (SALES.code, -(books.total_minor + discount - tax - sum(charges))),
    ]
