"""INS messages: what the merchant is told of a change, word for word (reference 7.2 and 7.3)."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from comptoir.dialects.twocheckout.ins_items import item_parameters, partial_parameters
from comptoir.dialects.twocheckout.sale_amounts import in_currency, text2
from comptoir.dialects.twocheckout.sales import method_of, names_of
from comptoir.domain.countries import country_name, country_of
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.errors import LineNotFound, OrderNotFound
from comptoir.domain.orders.models import BUNDLE, PRODUCT
from comptoir.domain.orders.queries import get_head, order_of_line
from comptoir.domain.refunds.models import AMOUNT
from comptoir.domain.refunds.queries import get_refund, list_items
from comptoir.domain.sales.facts import InvoiceFacts, SaleFacts, get_invoice
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, LIVE
from comptoir.domain.tx import Change, Tx

EASTERN = ZoneInfo("America/New_York")
NOT_DIGITS = re.compile(r"\D")
SHIPPED, NOT_SHIPPED = "shipped", "not_shipped"

ORDER_CREATED = "ORDER_CREATED"
FRAUD_STATUS_CHANGED = "FRAUD_STATUS_CHANGED"
SHIP_STATUS_CHANGED = "SHIP_STATUS_CHANGED"
INVOICE_STATUS_CHANGED = "INVOICE_STATUS_CHANGED"
REFUND_ISSUED = "REFUND_ISSUED"
INSTALLMENT_SUCCESS = "RECURRING_INSTALLMENT_SUCCESS"
INSTALLMENT_FAILED = "RECURRING_INSTALLMENT_FAILED"
RECURRING_STOPPED = "RECURRING_STOPPED"
RECURRING_COMPLETE = "RECURRING_COMPLETE"
RECURRING_RESTARTED = "RECURRING_RESTARTED"
DESCRIPTIONS = {
    ORDER_CREATED: "New order created",
    FRAUD_STATUS_CHANGED: "Order fraud status changed",
    SHIP_STATUS_CHANGED: "Order ship status changed",
    INVOICE_STATUS_CHANGED: "Invoice status changed",
    REFUND_ISSUED: "Refund issued",
    INSTALLMENT_SUCCESS: "Recurring installment successfully billed",
    INSTALLMENT_FAILED: "Recurring installment failed to bill",
    RECURRING_STOPPED: "Recurring order stopped",
    RECURRING_COMPLETE: "Recurring order completed",
    RECURRING_RESTARTED: "Recurring order restarted",
}
MESSAGE_TYPES = tuple(DESCRIPTIONS)
# Messages on a whole invoice; the others are on one of its items, and leave the invoice's own state out.
INVOICE_EVENTS = {
    "invoice.fraud_status_changed": FRAUD_STATUS_CHANGED,
    "invoice.shipped": SHIP_STATUS_CHANGED,
    "invoice.status_changed": INVOICE_STATUS_CHANGED,
}
# What recurs, and what its item is from then on, unless the event knows better: that it was given up.
RECURRING_EVENTS = {
    "recurring.billed": (INSTALLMENT_SUCCESS, LIVE),
    "recurring.failed": (INSTALLMENT_FAILED, LIVE),
    "recurring.stopped": (RECURRING_STOPPED, CANCELED),
    "recurring.completed": (RECURRING_COMPLETE, COMPLETED),
    "recurring.restarted": (RECURRING_RESTARTED, LIVE),
}
INVOICE_ONLY = (
    "auth_exp", "invoice_status", "fraud_status", "invoice_list_amount", "invoice_usd_amount",
    "invoice_cust_amount",
)  # fmt: skip

Parameters = dict[str, str]
Message = tuple[str, int, Mapping[str, str]]


class Subject(NamedTuple):
    """What a message is about."""

    sale: SaleFacts
    invoice: InvoiceFacts
    after: Mapping[str, Any]
    at: datetime


def messages_of(tx: Tx, change: Change) -> list[Message]:
    """What the merchant is told of a change: type, sale and parameters in their order; `message_id` is empty.

    The wording is that of the moment: what has changed is told as the change left it.
    """
    after = change.after or {}
    if change.kind == "sale.placed":
        return _created(tx, change, after)
    if change.kind in INVOICE_EVENTS:
        subject = _subject(tx, change.subject_id, after, change.at)
        return [_whole(tx, INVOICE_EVENTS[change.kind], subject)] if subject else []
    if change.kind == "refund.succeeded":
        return _refunded(tx, change)
    if change.kind in RECURRING_EVENTS:
        return _recurring(tx, change, after)
    return []


def ins_hash(sale_id: int, vendor_id: int, invoice_id: int, secret_word: str) -> str:
    """The sum by which a receiver knows that a message is ours."""
    text = f"{sale_id}{vendor_id}{invoice_id}{secret_word}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _created(tx: Tx, change: Change, after: Mapping[str, Any]) -> list[Message]:
    """A sale is told once, its installments are not (reference 7.2)."""
    if int(after.get("installment", 1)) > 1:
        return []
    subject = _subject(tx, int(after["order_id"]), after, change.at)
    return [_whole(tx, ORDER_CREATED, subject)] if subject else []


def _refunded(tx: Tx, change: Change) -> list[Message]:
    """One message for each thing refunded.

    Of an invoice's refund all its rows are told, with the refund among them; of a line item's its row alone
    (reference 12, decision 18).
    """
    refund = get_refund(tx, change.subject_id)
    subject = _subject(tx, get_head(tx, refund.order_id).root_id, {}, change.at)
    if subject is None:
        return []
    items = list_items(tx, refund.id)
    lines = {line.line.id: line for line in subject.invoice.lines}
    if len(items) == 1 and items[0].order_line_id in lines:
        return [_item(tx, REFUND_ISSUED, subject, [_row(subject, items[0].order_line_id)])]
    partial = [
        partial_parameters(subject.invoice, one)
        for one in subject.invoice.parts
        if one.refund_id == refund.id
    ]
    rows = [_row(subject, line_id) for line_id in lines] + partial
    told = [one for one in items if one.type == AMOUNT or _is_product(lines, one.order_line_id)]
    return [_item(tx, REFUND_ISSUED, subject, rows) for _ in told or items[:1]]


def _is_product(lines: Mapping[int, Any], line_id: int) -> bool:
    return line_id in lines and lines[line_id].line.type in {PRODUCT, BUNDLE}


def _recurring(tx: Tx, change: Change, after: Mapping[str, Any]) -> list[Message]:
    kind, status = RECURRING_EVENTS[change.kind]
    try:
        order_id = order_of_line(tx, change.subject_id).id
    except LineNotFound:
        return []
    subject = _subject(tx, order_id, after, change.at)
    if subject is None:
        return []
    row = _row(subject, change.subject_id, str(after.get("status", status)))
    return [_item(tx, kind, subject, [row])]


def _row(subject: Subject, line_id: int, status: str = "") -> Parameters:
    """A row; with a status, what recurs is told as the change left it."""
    line = next(one for one in subject.invoice.lines if one.line.id == line_id)
    known, after = line.recurring, subject.after
    if not status or known is None:
        return item_parameters(subject.invoice, line, EASTERN)
    billing_at = after.get("next_billing_at")
    told = known._replace(
        status=status,
        installments=int(after.get("installments", known.installments)),
        next_billing_at=None if billing_at is None else datetime.fromisoformat(billing_at),
    )
    return item_parameters(subject.invoice, line, EASTERN, told)


def _subject(tx: Tx, order_id: int, after: Mapping[str, Any], at: datetime) -> Subject | None:
    """The invoice that a change is about, unless it is gone."""
    try:
        sale, invoice = get_invoice(tx, order_id)
    except OrderNotFound:
        return None
    return Subject(sale, invoice, after, at)


def _whole(tx: Tx, kind: str, subject: Subject) -> Message:
    """A message on an invoice: its state, and all of its rows."""
    rows = [_row(subject, line.line.id) for line in subject.invoice.lines]
    rows += [partial_parameters(subject.invoice, part) for part in subject.invoice.parts]
    return _message(tx, kind, subject, rows, _shared(subject))


def _item(tx: Tx, kind: str, subject: Subject, rows: Sequence[Parameters]) -> Message:
    """A message on one item of an invoice, which leaves the invoice's own state out."""
    shared = {name: value for name, value in _shared(subject).items() if name not in INVOICE_ONLY}
    return _message(tx, kind, subject, rows, shared)


def _message(tx: Tx, kind: str, subject: Subject, rows: Iterable[Parameters], shared: Parameters) -> Message:
    merchant, sale_id, invoice_id = get_merchant(tx), subject.sale.sale_id, subject.invoice.order.id
    numbered = list(enumerate(rows, 1))
    parameters = {
        "message_type": kind,
        "message_description": DESCRIPTIONS[kind],
        "timestamp": _time(subject.at),
        "md5_hash": ins_hash(sale_id, merchant.vendor_id, invoice_id, merchant.secret_word),
        "message_id": "",
        "key_count": "",
        "vendor_id": str(merchant.vendor_id),
        **shared,
        "item_count": str(len(numbered)),
        **{f"{name}_{number}": value for number, row in numbered for name, value in row.items()},
    }
    parameters["key_count"] = str(len(parameters))
    return kind, sale_id, parameters


def _shared(subject: Subject) -> Parameters:
    """What is told of the sale and of the invoice."""
    invoice, worth = subject.invoice, subject.invoice.worth
    known = invoice.invoice
    return {
        "sale_id": str(subject.sale.sale_id),
        "sale_date_placed": _time(subject.sale.first.order.created_at),
        "vendor_order_id": "" if known is None else known.merchant_order_id,
        "invoice_id": str(invoice.order.id),
        "recurring": "1" if invoice.is_recurring else "0",
        "payment_type": method_of(invoice) or "",
        "list_currency": worth.vendor.currency,
        "cust_currency": worth.customer.currency,
        **_state(subject),
        **_customer(invoice),
        **_shipping(invoice, subject.after),
    }


def _state(subject: Subject) -> Parameters:
    """What the invoice came to by the change; it may have moved on since, in the same transaction."""
    invoice, worth, after = subject.invoice, subject.invoice.worth, subject.after
    known, total = invoice.invoice, subject.invoice.order.total_minor
    usd = worth.usd.of(total) if known is None else known.usd_total_minor
    customers = worth.customer.of(total) if known is None else known.customer_total_minor
    until = None if known is None else known.authorised_until
    return {
        "auth_exp": _day(until),
        "invoice_status": str(after.get("status", invoice.status)),
        "fraud_status": str(after.get("fraud_status", invoice.fraud_status)),
        "invoice_list_amount": in_currency(worth.vendor.of(total), worth.vendor.currency),
        "invoice_usd_amount": text2(usd, worth.usd.currency),
        "invoice_cust_amount": in_currency(customers, worth.customer.currency),
    }


def _customer(invoice: InvoiceFacts) -> Parameters:
    order, known = invoice.order, invoice.invoice
    first_name, last_name = names_of(invoice)
    country = "" if known is None else known.ip_country
    return {
        "customer_first_name": first_name,
        "customer_last_name": last_name,
        "customer_name": order.billing_name,
        "customer_email": order.billing_email,
        "customer_phone": NOT_DIGITS.sub("", order.billing_phone),
        "customer_ip": "" if known is None else known.ip_address,
        "customer_ip_country": country_name(country_of(country)) or country,
        "bill_street_address": order.billing_address,
        "bill_street_address2": "" if known is None else known.billing_address2,
        "bill_city": order.billing_city,
        "bill_state": order.billing_state,
        "bill_postal_code": order.billing_postcode,
        "bill_country": "" if known is None else known.billing_country,
    }


SHIP_NAMES = (
    "ship_status", "ship_tracking_number", "ship_name", "ship_street_address", "ship_street_address2",
    "ship_city", "ship_state", "ship_postal_code", "ship_country",
)  # fmt: skip


def _shipping(invoice: InvoiceFacts, after: Mapping[str, Any]) -> Parameters:
    """Where it goes; nothing, when nothing of it is sent."""
    order, known = invoice.order, invoice.invoice
    if not invoice.is_shippable:
        return dict.fromkeys(SHIP_NAMES, "")
    status = after.get("ship_status") or (NOT_SHIPPED if order.shipped_at is None else SHIPPED)
    values = (
        str(status),
        order.tracking_id,
        order.delivery_name,
        order.delivery_address,
        "" if known is None else known.delivery_address2,
        order.delivery_city,
        order.delivery_state,
        order.delivery_postcode,
        "" if known is None else known.delivery_country,
    )
    return dict(zip(SHIP_NAMES, values, strict=True))


def _time(at: datetime) -> str:
    return f"{at.astimezone(EASTERN):%Y-%m-%d %H:%M:%S}"


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(EASTERN):%Y-%m-%d}"
