"""What may still be refunded of orders, read from their lines and the refunds that succeeded."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.models import OrderLine
from comptoir.domain.orders.sales import OrderBooks, find_books
from comptoir.domain.refunds.amounts import Refundable
from comptoir.domain.refunds.errors import NotPaid, RefundTooLarge
from comptoir.domain.refunds.models import ITEM_TYPES, SHIPPING, SUCCESS, Refund, RefundItem
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

LINES = (
    select(
        OrderLine.id, OrderLine.order_id, OrderLine.parent_line_id, OrderLine.name, OrderLine.quantity,
        OrderLine.amount_minor, OrderLine.discount_share_minor, OrderLine.tax_minor,
    )
    .where(among(OrderLine.order_id, "ids"))
    .order_by(OrderLine.order_id, OrderLine.position)
)  # fmt: skip
# A refund that continues another one gives more money for the same pieces.
GIVEN = (
    select(
        Refund.order_id,
        RefundItem.order_line_id,
        func.sum(RefundItem.amount_e4),
        func.sum(case((Refund.parent_id == 0, RefundItem.quantity), else_=0)),
    )
    .join(Refund, Refund.id == RefundItem.refund_id)
    .where(among(Refund.order_id, "ids"), Refund.status == bindparam("status"))
    .group_by(Refund.order_id, RefundItem.order_line_id)
)


class Item(NamedTuple):
    """What is to be refunded of one line, or of the charges (line 0)."""

    type: str
    order_line_id: int
    quantity: int
    amount_minor: int


@dataclass(slots=True)
class Purse:
    """The money of an order and its children: what came in, and what was given back of it."""

    paid_minor: int
    repaid_minor: int
    refunded_minor: int

    def left_minor(self, *, is_paid_out: bool) -> int:
        """What may still be refunded, by money that is still here or that has been `paid out` before."""
        return self.paid_minor - max(self.refunded_minor, 0 if is_paid_out else self.repaid_minor)


@dataclass(slots=True)
class Standing:
    """What is left to refund of one order; `root` is the order that holds its money."""

    order: OrderBooks
    root: OrderBooks
    lines: dict[int, Refundable]
    charges: Refundable
    purse: Purse

    def find(self, kind: str, line_id: int) -> Refundable:
        """The line, or the charges. Refuses: Invalid (type), LineNotFound."""
        if kind not in ITEM_TYPES:
            raise Invalid("type", f"{kind!r} is none of {', '.join(ITEM_TYPES)}")
        if kind == SHIPPING:
            return self.charges
        if line_id not in self.lines:
            raise LineNotFound(line_id)
        return self.lines[line_id]

    def refuse(self, items: Iterable[Item], *, continues: bool, is_paid_out: bool = False) -> None:
        """Refuses: NotPaid, AlreadyRefunded, RefundTooLarge, Invalid (total), for all items together."""
        if self.purse.paid_minor == 0:
            raise NotPaid(self.order.id)
        money: defaultdict[tuple[str, int], int] = defaultdict(int)
        pieces: defaultdict[tuple[str, int], int] = defaultdict(int)
        for item in items:
            key = (item.type, item.order_line_id)
            money[key] += item.amount_minor
            pieces[key] += item.quantity
        total = sum(money.values())
        for key, amount_minor in money.items():
            counted = 0 if continues or key[0] == SHIPPING else pieces[key]
            self.find(*key).refuse_above(amount_minor, counted)
        self._refuse_bundles(money)
        if total <= 0:
            raise Invalid("total", "is not above zero")
        left = self.purse.left_minor(is_paid_out=is_paid_out)
        if total > left:
            raise RefundTooLarge(f"the money of order {self.root.id}", left=left, wanted=total)

    def _refuse_bundles(self, money: dict[tuple[str, int], int]) -> None:
        """A bundle and its parts, taken together, are no more than the bundle."""
        wanted: defaultdict[int, int] = defaultdict(int)
        wholes: dict[int, Refundable] = {}
        for key, amount_minor in money.items():
            whole = self.find(*key).whole
            wholes[id(whole)] = whole
            wanted[id(whole)] += amount_minor
        for key_, whole in wholes.items():
            if wanted[key_] > whole.left_minor:
                raise RefundTooLarge(whole.name, left=whole.left_minor, wanted=wanted[key_])

    def give(self, items: Iterable[Item], *, continues: bool) -> list[int]:
        """Count items in, and give the tax in each."""
        taxes = []
        for item in items:
            counted = 0 if continues or item.type == SHIPPING else item.quantity
            taxes.append(self.find(item.type, item.order_line_id).give(item.amount_minor, counted))
            self.purse.refunded_minor += item.amount_minor
        return taxes


def find_standings(tx: Tx, order_ids: Iterable[int]) -> dict[int, Standing]:
    """What is left to refund of those of the orders that exist, locked until the transaction ends.

    An order and its children share one purse.
    """
    wanted = sorted(set(order_ids))
    orders = find_books(tx, wanted)
    roots = orders | find_books(tx, [books.root_id for books in orders.values()])
    purses = {
        root.id: Purse(root.paid_minor, root.repaid_minor, root.refunded_minor) for root in roots.values()
    }
    standings = {
        order.id: Standing(order, roots[order.root_id], {}, _charges(order), purses[order.root_id])
        for order in orders.values()
    }
    for row in tx.all(LINES, ids=wanted):
        standing = standings[row[1]]
        standing.lines[row[0]] = _line(standing, *row)
    for order_id, line_id, amount_e4, pieces in tx.all(GIVEN, ids=wanted, status=SUCCESS):
        standing = standings[order_id]
        given = standing.find("product" if line_id else SHIPPING, line_id)
        given.give(minor_of_e4(int(amount_e4), standing.order.currency), int(pieces) if line_id else 0)
    return standings


def _charges(order: OrderBooks) -> Refundable:
    tax = 0 if order.tax_included else order.charges_tax_minor
    return Refundable("the charges", order.charges_minor + tax, order.charges_tax_minor, pieces=0)


def _line(standing: Standing, *row: Any) -> Refundable:
    line_id, _, parent_id, name, quantity, amount, discount, tax = row
    added = 0 if standing.order.tax_included else tax
    bundle = standing.lines.get(parent_id)
    return Refundable(
        name or f"line {line_id}",
        amount - discount + added,
        tax,
        pieces=quantity * (1 if bundle is None else bundle.pieces),
        bundle=bundle,
    )
