"""A sale with its invoices and line items, whether it was sold at a checkout or placed in another way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.errors import OrderNotFound, SaleNotFound
from comptoir.domain.orders.models import APPROVED, DEPOSITED, PASS, REFUSED, VOID_STATUSES
from comptoir.domain.orders.worth import Priced, Rates, Worth, worth_of
from comptoir.domain.refunds.models import AMOUNT
from comptoir.domain.sales.rows import (
    GIVEN,
    INVOICES_OF_SALE,
    LINES,
    RECEIVED,
    RECURRING_OF_SALES,
    RECURRING_ORDERS,
    SALE_OF_INVOICE,
    SUMMARIES,
    GivenRow,
    InvoiceRow,
    ItemRow,
    LineRow,
    OrderRow,
    RecurringRow,
    SummaryRow,
)
from comptoir.domain.tx import Tx

ORDER_END = len(OrderRow._fields)
LINE_END = len(LineRow._fields)


@dataclass(slots=True)
class LineFacts:
    """A line item, with what was given back of it and what bills it again."""

    line: LineRow
    item: ItemRow | None
    amount_minor: int
    given_minor: int = 0
    recurring: RecurringRow | None = None

    @property
    def is_refunded(self) -> bool:
        """Whether all of it was given back."""
        return self.amount_minor != 0 and self.given_minor == self.amount_minor

    @property
    def is_recurring(self) -> bool:
        """Whether it is billed again and again."""
        return self.item is not None and self.item.recurrence_unit is not None

    @property
    def is_newest(self) -> bool:
        """Whether it is the latest installment of what recurs."""
        return self.recurring is not None and self.recurring.order_line_id == self.line.id


@dataclass(slots=True)
class PartFacts:
    """An amount that was given back of the invoice as a whole."""

    id: int
    order_id: int
    refund_id: int
    amount_minor: int
    at: datetime


@dataclass(slots=True)
class InvoiceFacts:
    """One billing event of a sale. `invoice` is None when the order was not sold at a checkout."""

    order: OrderRow
    invoice: InvoiceRow | None
    worth: Worth
    lines: list[LineFacts] = field(default_factory=list)
    parts: list[PartFacts] = field(default_factory=list)
    received_at: datetime | None = None

    @property
    def status(self) -> str:
        """Where the money is; without an invoice, by what came in."""
        if self.invoice is not None:
            return self.invoice.status
        order = self.order
        if order.paid_minor > 0 and order.paid_minor >= order.total_minor:
            return DEPOSITED
        return REFUSED if order.status in VOID_STATUSES else APPROVED

    @property
    def fraud_status(self) -> str:
        """What the review came to; an order without an invoice is not under suspicion."""
        return PASS if self.invoice is None else self.invoice.fraud_status

    @property
    def is_recurring(self) -> bool:
        """Whether any of its lines is."""
        return any(line.is_recurring for line in self.lines)

    @property
    def is_shippable(self) -> bool:
        """Whether anything of it is sent."""
        if self.invoice is not None:
            return self.invoice.is_shippable
        return bool(self.order.shipping_method or self.order.delivery_address or self.order.delivery_city)

    @property
    def deposited_at(self) -> datetime | None:
        """When the money arrived."""
        return self.received_at if self.invoice is None else self.invoice.deposited_at


@dataclass(slots=True)
class SaleFacts:
    """A sale: what was bought at once, and every later installment of it. The first invoice tells who bought."""

    sale_id: int
    invoices: list[InvoiceFacts]
    recurring: list[RecurringRow]

    @property
    def first(self) -> InvoiceFacts:
        """The checkout."""
        return self.invoices[0]

    @property
    def declined(self) -> RecurringRow | None:
        """What could not be billed of late and still has not been, the latest refusal first."""
        return outstanding_of(self.recurring)


class SaleSummary(NamedTuple):
    """A sale as lists tell it: its first order, what it is worth, whether it recurs, what was declined of late."""

    row: SummaryRow
    worth: Worth
    is_recurring: bool
    declined: RecurringRow | None


def outstanding_of(recurring: Iterable[RecurringRow]) -> RecurringRow | None:
    """What was declined last of all that was declined and has not been billed since."""
    declined = [one for one in recurring if one.first_declined_at is not None]
    return max(
        declined, key=lambda one: (one.declined_at or one.first_declined_at, one.enrolment_id), default=None
    )


def find_sale_of_invoice(tx: Tx, order_id: int) -> int | None:
    """The sale that an invoice is of, if there is such an invoice."""
    found: int | None = tx.value(SALE_OF_INVOICE, order_id=order_id)
    return found


def get_sale(tx: Tx, sale_id: int) -> SaleFacts:
    """A sale with all its invoices, oldest first. Refuses: SaleNotFound."""
    rows = tx.all(INVOICES_OF_SALE, sale_id=sale_id)
    if not rows:
        raise SaleNotFound(sale_id)
    rates: Rates = {}
    invoices = [_invoice(tx, row, rates) for row in rows]
    recurring = recurring_of(tx, [sale_id])
    add_lines(tx, invoices, recurring)
    return SaleFacts(sale_id, invoices, recurring)


def summaries_of(tx: Tx, order_ids: Sequence[int]) -> list[SaleSummary]:
    """What a list tells of sales, named by their first orders, in the order of these."""
    recurring_orders = {row[0] for row in tx.all(RECURRING_ORDERS, ids=order_ids)}
    rates: Rates = {}
    first = {row[0]: SummaryRow(*row) for row in tx.all(SUMMARIES, ids=order_ids)}
    recurring: defaultdict[int, list[RecurringRow]] = defaultdict(list)
    for one in recurring_of(tx, [row.sale_id for row in first.values()]):
        recurring[one.sale_id].append(one)
    return [
        SaleSummary(
            first[order_id],
            _worth_of(tx, first[order_id], rates),
            order_id in recurring_orders,
            outstanding_of(recurring[first[order_id].sale_id]),
        )
        for order_id in order_ids
    ]


def _worth_of(tx: Tx, row: SummaryRow, rates: Rates) -> Worth:
    told = row.customer_total_minor or 0, row.usd_total_minor or 0
    priced = Priced(row.currency, row.total_minor, row.created_at, row.customer_currency, *told)
    return worth_of(tx, priced, rates)


def get_invoice(tx: Tx, order_id: int) -> tuple[SaleFacts, InvoiceFacts]:
    """An invoice with the sale that it is of. Refuses: OrderNotFound."""
    sale_id = find_sale_of_invoice(tx, order_id)
    if sale_id is None:
        raise OrderNotFound(order_id)
    sale = get_sale(tx, sale_id)
    return sale, next(one for one in sale.invoices if one.order.id == order_id)


def recurring_of(tx: Tx, sale_ids: Iterable[int]) -> list[RecurringRow]:
    """What bills itself again of some sales."""
    return [RecurringRow(*row) for row in tx.all(RECURRING_OF_SALES, ids=sale_ids)]


def add_lines(tx: Tx, invoices: Sequence[InvoiceFacts], recurring: Sequence[RecurringRow]) -> None:
    """Add the line items to invoices, and what was given back of them."""
    by_id = {one.order.id: one for one in invoices}
    by_enrolment = {one.enrolment_id: one for one in recurring}
    lines: dict[int, LineFacts] = {}
    for row in tx.all(LINES, ids=list(by_id)):
        line, item = LineRow(*row[:LINE_END]), row[LINE_END:]
        facts = _line(by_id[line.order_id], line, None if item[0] is None else ItemRow(*item[1:]))
        if facts.item is not None and facts.item.enrolment_id is not None:
            facts.recurring = by_enrolment.get(facts.item.enrolment_id)
        by_id[line.order_id].lines.append(facts)
        lines[line.id] = facts
    _add_given(tx, by_id, lines)
    unsold = [one.order.id for one in invoices if one.invoice is None and one.status == DEPOSITED]
    if unsold:
        for order_id, at in tx.all(RECEIVED, ids=unsold):
            by_id[order_id].received_at = at


def _add_given(tx: Tx, by_id: dict[int, InvoiceFacts], lines: dict[int, LineFacts]) -> None:
    """What was given back. What a split order's part gave back is of no line of the invoice."""
    given: defaultdict[int, int] = defaultdict(int)
    for one in (GivenRow(*row) for row in tx.all(GIVEN, ids=list(by_id))):
        if one.order_id not in by_id:
            continue
        minor = minor_of_e4(one.amount_e4, by_id[one.order_id].order.currency)
        if one.type == AMOUNT or one.part_id != one.order_id:
            part = PartFacts(one.id, one.order_id, one.refund_id, minor, one.at)
            by_id[one.order_id].parts.append(part)
        given[one.order_line_id] += minor
    for line_id, minor in given.items():
        if line_id in lines:
            lines[line_id].given_minor = minor


def _invoice(tx: Tx, row: Sequence[object], rates: Rates) -> InvoiceFacts:
    order, rest = OrderRow(*row[:ORDER_END]), row[ORDER_END:]  # type: ignore[arg-type]
    invoice = None if rest[0] is None else InvoiceRow(*rest[1:])  # type: ignore[arg-type]
    return InvoiceFacts(order, invoice, worth_of(tx, priced_of(order, invoice), rates))


def priced_of(order: OrderRow, invoice: InvoiceRow | None) -> Priced:
    """What tells the order's amounts in other currencies."""
    if invoice is None:
        return Priced(order.currency, order.total_minor, order.created_at)
    return Priced(
        order.currency,
        order.total_minor,
        order.created_at,
        invoice.customer_currency,
        invoice.customer_total_minor,
        invoice.usd_total_minor,
    )


def _line(invoice: InvoiceFacts, line: LineRow, item: ItemRow | None) -> LineFacts:
    added = 0 if invoice.order.tax_included else line.tax_minor
    return LineFacts(line, item, line.amount_minor - line.discount_share_minor + added)
