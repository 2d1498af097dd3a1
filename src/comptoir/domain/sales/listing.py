"""Lists of sales: what is asked for, in which order, a page at a time. The rows come last, for one page only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Select,
    bindparam,
    cast,
    exists,
    func,
    select,
    type_coerce,
)

from comptoir.domain.merchant.queries import find_ratio
from comptoir.domain.money import exponent_of
from comptoir.domain.names import key_of
from comptoir.domain.orders.models import Invoice, LineItem, Order, OrderLine
from comptoir.domain.orders.worth import USD
from comptoir.domain.refunds.models import SUCCESS, Refund
from comptoir.domain.sales.rows import is_invoice
from comptoir.domain.subscriptions.models import LIVE, RecurringItem
from comptoir.domain.tx import Tx
from comptoir.storage.columns import micros_of
from comptoir.storage.reading import Filter, Target, Trigrams, condition, fetch, values_of
from comptoir.storage.schema import aliased
from comptoir.storage.substring import is_kept
from comptoir.storage.written import folded, instr

ENGINE_WITH_TRIGRAM_TABLES = "sqlite"
SHAPES_MAX = 512
# Texts that are looked for anywhere in a column of the order, by trigrams where they know of them.
PARTS = {
    "customer_name": Target(Order.billing_name, "text"),
    "customer_email": Target(Order.billing_email, "text"),
}
# What people write between the digits of a telephone number.
SEPARATORS = " -().+/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sales; None and False want nothing. They were placed from `begin` until before `end`."""

    sale_id: int | None = None
    invoice_id: int | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    vendor_product_id: str | None = None
    card_first_six: str | None = None
    card_last_two: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    is_declined: bool = False
    is_active: bool = False
    is_refunded: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What is wanted, by name."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) not in {None, False})

    @property
    def parts(self) -> tuple[Filter, ...]:
        """What is looked for in a text of the order."""
        return tuple(
            Filter(target, "like", (key_of(getattr(self, name)),))
            for name, target in PARTS.items()
            if getattr(self, name)
        )

    def values(self) -> dict[str, Any]:
        """What a statement binds, as the driver stores it."""
        values: dict[str, Any] = {}
        for name in self.names:
            value = getattr(self, name)
            if isinstance(value, datetime):
                value = micros_of(value)
            if name == "customer_phone":
                value = "".join(letter for letter in value if letter not in SEPARATORS)
            values[name] = key_of(value) if name == "vendor_product_id" else value
        return values


class SalePage(NamedTuple):
    """The sales of a page in order, by their first orders, and how many there are on all pages."""

    order_ids: list[int]
    total: int


class _Shape(NamedTuple):
    """What a statement's text depends on."""

    names: tuple[str, ...]
    has_trigrams: tuple[bool, ...]
    led_by: int | None


def _recurs() -> ColumnElement[Any]:
    found = exists().where(LineItem.order_id == Order.id, LineItem.recurrence_unit.is_not(None))
    return type_coerce(found, BigInteger)


def _declined_at() -> ColumnElement[Any]:
    return func.coalesce(
        select(func.max(type_coerce(RecurringItem.declined_at, BigInteger)))
        .where(RecurringItem.sale_id == Order.sale_id, RecurringItem.first_declined_at.is_not(None))
        .scalar_subquery(),
        0,
    )


def _usd_total() -> ColumnElement[Any]:
    """What the invoice keeps; of an order without one, what it comes to by today's rate."""
    by_rate = cast(Order.total_minor, Double) * _bound("usd") / _bound("own")
    return func.coalesce(cast(Invoice.usd_total_minor, Double), by_rate)


def _in_usd(tx: Tx) -> dict[str, int]:
    """How many minor units of the shop's currency are how many cents; as many, when nobody knows."""
    own = tx.shop.currency
    ratio = find_ratio(tx, own, USD, tx.shop.local(tx.now).date()) or Fraction(1)
    ratio *= Fraction(10) ** (exponent_of(USD) - exponent_of(own))
    return {"usd": ratio.numerator, "own": ratio.denominator}


# What a list may be ordered by; what is not there stands first, as an empty text would.
ORDERS: Mapping[str, Callable[[], ColumnElement[Any]]] = {
    "sale_id": lambda: Order.sale_id.expression,
    "date_placed": lambda: type_coerce(Order.created_at, BigInteger),
    "customer_name": lambda: func.lower(Order.billing_name),
    "recurring": _recurs,
    "recurring_declined": _declined_at,
    "usd_total": _usd_total,
}


def list_sales(
    tx: Tx, wanted: Wanted, *, order: str, is_descending: bool, limit: int, start: int
) -> SalePage:
    """A page of the sales that are wanted, and their count."""
    parts = wanted.parts
    shape = _Shape(wanted.names, tuple(one.has_trigrams for one in parts), _leader(tx, parts))
    is_prepared = not any(shape.has_trigrams)
    values = wanted.values() | values_of(parts)
    ((total,),) = fetch(tx, _count(shape), dict(values), is_prepared=is_prepared)
    if start >= total:
        return SalePage([], total)
    values |= {"limit": limit, "start": start} | (_in_usd(tx) if order == "usd_total" else {})
    rows = fetch(tx, _page(shape, order, is_descending), values, is_prepared=is_prepared)
    return SalePage([row[0] for row in rows], total)


def _leader(tx: Tx, parts: tuple[Filter, ...]) -> int | None:
    """The place of the text whose trigrams lead SQLite to the rows: the longest is the rarest."""
    lengths = [len(one.values[0]) if one.has_trigrams else 0 for one in parts]
    if tx.engine != ENGINE_WITH_TRIGRAM_TABLES or not any(lengths) or not is_kept(tx, "orders", "id"):
        return None
    return lengths.index(max(lengths))


@lru_cache(maxsize=SHAPES_MAX)
def _count(shape: _Shape) -> Select[Any]:
    return select(func.count()).select_from(Order).where(*_conditions(shape))


@lru_cache(maxsize=SHAPES_MAX)
def _page(shape: _Shape, order: str, is_descending: bool) -> Select[Any]:  # noqa: FBT001 - part of a cache's key
    by = ORDERS[order]()
    statement = select(Order.id)
    if order == "usd_total":
        statement = statement.outerjoin(Invoice, Invoice.order_id == Order.id)
    directed = (by.desc(), Order.id.desc()) if is_descending else (by, Order.id)
    statement = statement.where(*_conditions(shape)).order_by(*directed)
    return statement.limit(bindparam("limit")).offset(bindparam("start"))


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    """A sale is its first order; what later installments say of it counts as well."""
    conditions: list[ColumnElement[bool]] = [Order.parent_id.is_(None), Order.removed_at.is_(None)]
    names = [name for name in PARTS if name in shape.names]
    for place, (name, has_trigrams) in enumerate(zip(names, shape.has_trigrams, strict=True)):
        # The filter's own value is bound at the time; here its length alone says how it is looked for.
        part = Filter(PARTS[name], "like", ("long" if has_trigrams else "",))
        conditions.append(condition(part, place, Order))
        if place == shape.led_by:
            trigrams = Trigrams(Order, part, place)
            keys = select(trigrams.key).select_from(trigrams.rows).where(trigrams.match)
            conditions.append(Order.id.in_(keys))
    conditions += [CONDITIONS[name]() for name in shape.names if name in CONDITIONS]
    return conditions


def _bound(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def _of_invoices(*tests: ColumnElement[bool], source: Any = None) -> ColumnElement[bool]:
    """Sales of which some invoice passes the tests; they are about the alias that `source` joins."""
    one = aliased(Order)
    statement = select(one.sale_id).where(is_invoice(one))
    if source is not None:
        statement = statement.join(source, source.order_id == one.id)
    return Order.sale_id.in_(statement.where(*tests))


def _with_number() -> ColumnElement[bool]:
    one = aliased(Order)
    found = select(one.sale_id).where(one.id == _bound("invoice_id"), is_invoice(one))
    return Order.sale_id == found.scalar_subquery()


def _with_product() -> ColumnElement[bool]:
    """Of lines that were not sold at a checkout, the product's code counts."""
    number = func.coalesce(folded(LineItem.vendor_product_id), folded(OrderLine.code))
    found = (
        select(OrderLine.order_id)
        .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
        .where(instr(number, bindparam("vendor_product_id")) > 0)
    )
    one = aliased(Order)
    return Order.sale_id.in_(select(one.sale_id).where(one.id.in_(found), is_invoice(one)))


def _telephone() -> ColumnElement[bool]:
    digits: Any = Order.billing_phone
    for separator in SEPARATORS:
        digits = func.replace(digits, separator, "")
    return instr(digits, bindparam("customer_phone")) == 1


def _refunded() -> ColumnElement[bool]:
    """A refund of a split order's part counts as well."""
    one = aliased(Order)
    found = select(one.sale_id).join(Refund, Refund.order_id == one.id)
    return Order.sale_id.in_(found.where(Refund.status == SUCCESS, Refund.removed_at.is_(None)))


def _bills(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    return Order.sale_id.in_(select(RecurringItem.sale_id).where(*tests))


def _placed_at() -> Any:
    return type_coerce(Order.created_at, BigInteger)


CONDITIONS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    "sale_id": lambda: Order.sale_id == _bound("sale_id"),
    "invoice_id": _with_number,
    "customer_phone": _telephone,
    "vendor_product_id": _with_product,
    "card_first_six": lambda: _of_invoices(
        Invoice.card_first_six == bindparam("card_first_six"), source=Invoice
    ),
    "card_last_two": lambda: _of_invoices(
        Invoice.card_last_two == bindparam("card_last_two"), source=Invoice
    ),
    "begin": lambda: _placed_at() >= _bound("begin"),
    "end": lambda: _placed_at() < _bound("end"),
    "is_declined": lambda: _bills(RecurringItem.first_declined_at.is_not(None)),
    "is_active": lambda: _bills(RecurringItem.status == LIVE),
    "is_refunded": _refunded,
}
