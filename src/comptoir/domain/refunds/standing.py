"""What may still be refunded of orders, read from their lines and the refunds that succeeded."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, or_, select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import minor_of_e4, rounded
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.models import SHIPPING as SHIPPING_LINE
from comptoir.domain.orders.models import Order, OrderLine
from comptoir.domain.orders.sales import OrderBooks, find_books
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.refunds.amounts import Refundable, fitted_taxes
from comptoir.domain.refunds.errors import NotPaid, RefundTooLarge
from comptoir.domain.refunds.models import (
    AMOUNT,
    ITEM_TYPES,
    PRODUCT,
    SHIPPING,
    SUCCESS,
    Refund,
    RefundItem,
)
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

LINES = (
    select(
        OrderLine.order_id, OrderLine.id, OrderLine.parent_line_id, OrderLine.type, OrderLine.name,
        OrderLine.quantity, OrderLine.amount_minor, OrderLine.discount_share_minor, OrderLine.tax_minor,
    )
    .where(among(OrderLine.order_id, "ids"))
    .order_by(OrderLine.order_id, OrderLine.position)
)  # fmt: skip
# A refund that continues another one gives more money for the same pieces.
GIVEN = (
    select(
        Refund.order_id,
        RefundItem.type,
        RefundItem.order_line_id,
        func.sum(RefundItem.amount_e4),
        func.sum(RefundItem.tax_minor),
        func.sum(case((Refund.parent_id == 0, RefundItem.quantity), else_=0)),
    )
    .join(Refund, Refund.id == RefundItem.refund_id)
    .where(among(Refund.order_id, "ids"), Refund.status == bindparam("status"))
    .group_by(Refund.order_id, RefundItem.type, RefundItem.order_line_id)
)
_root = case((Order.is_renewal, Order.id), else_=func.coalesce(Order.parent_id, Order.id))
CHARGED_BACK = (
    select(_root, func.sum(Chargeback.amount_minor))
    .select_from(Chargeback)
    .join(Order, Order.id == Chargeback.order_id)
    .where(or_(among(Order.id, "ids"), among(Order.parent_id, "ids")))
    .group_by(_root)
)


class Item(NamedTuple):
    """What is to be refunded of one line, or of the charges or of the order as a whole (line 0)."""

    type: str
    order_line_id: int
    quantity: int
    amount_minor: int


@dataclass(slots=True)
class Purse:
    """The money of an order and its children: what came in, what was given back of it or taken back by banks."""

    paid_minor: int
    repaid_minor: int
    refunded_minor: int
    sold_minor: int
    charged_back_minor: int = 0

    def left_minor(self, *, is_paid_out: bool) -> int:
        """What may still be refunded, by money that is still here or that has been `paid out` before.

        What came in beyond what was sold is none of it: that is a surplus, and given back as one.
        """
        if is_paid_out:
            return self.paid_minor - self.refunded_minor
        here = self.paid_minor - self.charged_back_minor - max(self.refunded_minor, self.repaid_minor)
        return min(here, self.sold_minor - self.refunded_minor)


@dataclass(slots=True)
class Standing:
    """What is left to refund of one order; `root` is the order that holds its money.

    Money may be given back of a line, of the charges, or of the order as a whole. `balance_minor` is what is
    left of the whole, `tax_left_minor` the tax in it, which ends at nothing together with the balance.
    """

    order: OrderBooks
    root: OrderBooks
    lines: dict[int, Refundable]
    shipping_ids: list[int]
    charges: Refundable
    purse: Purse
    balance_minor: int
    tax_left_minor: int

    def find(self, kind: str, line_id: int) -> Refundable:
        """The line, or the charges. Refuses: Invalid (type), LineNotFound."""
        if kind not in ITEM_TYPES or (kind == AMOUNT and line_id):
            raise Invalid("type", f"{kind!r} is none of {', '.join(ITEM_TYPES)}, or not of a line")
        if kind == SHIPPING and not line_id:
            return self.charges
        if line_id not in self.lines or (kind == SHIPPING and line_id not in self.shipping_ids):
            raise LineNotFound(line_id)
        return self.lines[line_id]

    def remainder(self) -> list[Item]:
        """All that is left of the order: what each line has left, or an amount if some was given of the whole."""
        items = [
            Item(SHIPPING if key in self.shipping_ids else PRODUCT, key, line.pieces_left, line.left_minor)
            for key, line in self.lines.items()
            if line.bundle is None and line.left_minor
        ]
        if self.charges.left_minor:
            items.append(Item(SHIPPING, 0, 1, self.charges.left_minor))
        if sum(item.amount_minor for item in items) == self.balance_minor:
            return items
        return [Item(AMOUNT, 0, 1, self.balance_minor)] if self.balance_minor > 0 else []

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
        of_whole = money.pop((AMOUNT, 0), 0)
        for key, amount_minor in money.items():
            counted = 0 if continues or key[0] == SHIPPING else pieces[key]
            self.find(*key).refuse_above(amount_minor, counted)
        self._refuse_bundles(money)
        if total <= 0 or of_whole < 0:
            raise Invalid("total", "is not above zero")
        if total > self.balance_minor:
            raise RefundTooLarge(f"order {self.order.id}", left=self.balance_minor, wanted=total)
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
            if not whole.is_credit and wanted[key_] > whole.left_minor:
                raise RefundTooLarge(whole.name, left=whole.left_minor, wanted=wanted[key_])

    def give(self, items: Iterable[Item], *, continues: bool) -> list[int]:
        """Count items in, and give the tax in each."""
        given = list(items)
        amounts = [item.amount_minor for item in given]
        taxes = [self._give(item, continues=continues) for item in given]
        total = sum(amounts)
        if total > 0:
            least = self.tax_left_minor - (self.balance_minor - total)
            most = max(least, min(self.tax_left_minor, total))
            taxes = fitted_taxes(amounts, taxes, least=least, most=most)
        self.purse.refunded_minor += total
        self.count(total, sum(taxes))
        return taxes

    def _give(self, item: Item, *, continues: bool) -> int:
        """Count one item in, and give the tax that it has by itself."""
        if item.type == AMOUNT:
            balance = self.balance_minor
            return rounded(self.tax_left_minor * item.amount_minor, balance) if balance > 0 else 0
        counted = 0 if continues or item.type == SHIPPING else item.quantity
        return self.find(item.type, item.order_line_id).give(item.amount_minor, counted)

    def count(self, amount_minor: int, tax_minor: int) -> None:
        """Count what was given back of the whole."""
        self.balance_minor -= amount_minor
        self.tax_left_minor -= tax_minor


def find_standings(tx: Tx, order_ids: Iterable[int], *, is_looking: bool = False) -> dict[int, Standing]:
    """What is left to refund of those of the orders that exist, locked until the transaction ends.

    An order and its children share one purse. Who `is_looking` only locks nothing.
    """
    wanted = sorted(set(order_ids))
    orders = find_books(tx, wanted, is_looking=is_looking)
    root_ids = [books.root_id for books in orders.values()]
    roots = orders | find_books(tx, root_ids, is_looking=is_looking)
    purses = {
        root.id: Purse(root.paid_minor, root.repaid_minor, root.refunded_minor, root.total_minor)
        for root in roots.values()
    }
    for root_id, minor in tx.all(CHARGED_BACK, ids=list(purses)):
        if root_id in purses:
            purses[root_id].charged_back_minor = int(minor)
    standings = {
        order.id: _unrefunded(order, roots[order.root_id], purses[order.root_id]) for order in orders.values()
    }
    for order_id, *row in tx.all(LINES, ids=wanted):
        _add_line(standings[order_id], *row)
    for order_id, kind, line_id, amount_e4, tax_minor, pieces in tx.all(GIVEN, ids=wanted, status=SUCCESS):
        standing = standings[order_id]
        minor = minor_of_e4(int(amount_e4), standing.order.currency)
        if kind != AMOUNT:
            standing.find(kind, line_id).give(minor, 0 if kind == SHIPPING else int(pieces))
        standing.count(minor, int(tax_minor))
    return standings


def _unrefunded(order: OrderBooks, root: OrderBooks, purse: Purse) -> Standing:
    tax_minor = minor_of_e4(order.tax_e4, order.currency)
    return Standing(order, root, {}, [], _charges(order), purse, order.total_minor, tax_minor)


def _charges(order: OrderBooks) -> Refundable:
    tax = 0 if order.tax_included else order.charges_tax_minor
    return Refundable("the charges", order.charges_minor + tax, order.charges_tax_minor, pieces=0)


def _add_line(standing: Standing, *row: Any) -> None:
    line_id, parent_id, kind, name, quantity, amount, discount, tax = row
    added = 0 if standing.order.tax_included else tax
    bundle = standing.lines.get(parent_id)
    if kind == SHIPPING_LINE:
        standing.shipping_ids.append(line_id)
    standing.lines[line_id] = Refundable(
        name or f"line {line_id}",
        amount - discount + added,
        tax,
        pieces=quantity * (1 if bundle is None else bundle.pieces),
        bundle=bundle,
    )
