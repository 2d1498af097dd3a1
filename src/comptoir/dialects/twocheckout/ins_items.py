"""The rows of INS messages: one set of parameters for each item (reference 7.3)."""

from zoneinfo import ZoneInfo

from comptoir.dialects.twocheckout.lineitem_shown import BILL, PARTIAL_REFUND, REFUND
from comptoir.dialects.twocheckout.prices import FOREVER, interval_text
from comptoir.dialects.twocheckout.sale_amounts import in_currency, text2
from comptoir.domain.money import minor_of_e4
from comptoir.domain.sales.facts import InvoiceFacts, LineFacts, PartFacts
from comptoir.domain.sales.rows import RecurringRow
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, DECLINED, LIVE

# What a receiver is told of a recurring item; one that was given up is canceled to it (reference 6.6).
REC_STATUSES = {LIVE: "live", CANCELED: "canceled", DECLINED: "canceled", COMPLETED: "completed"}
RECURRING = (
    "item_duration", "item_recurrence", "item_rec_list_amount", "item_rec_status", "item_rec_date_next",
    "item_rec_install_billed",
)  # fmt: skip

Parameters = dict[str, str]


def item_parameters(
    invoice: InvoiceFacts, line: LineFacts, zone: ZoneInfo, recurring: RecurringRow | None = None
) -> Parameters:
    """What is told of a line; `recurring` is what bills it as it was then, if it has gone on since."""
    item = line.item
    return {
        "item_name": line.line.name,
        "item_id": (line.line.code if item is None else item.vendor_product_id) or "",
        **_amounts(invoice, line.amount_minor),
        "item_type": REFUND if line.is_refunded else BILL,
        **_recurring(invoice, line, zone, recurring or line.recurring),
    }


def partial_parameters(invoice: InvoiceFacts, part: PartFacts) -> Parameters:
    """What is told of an amount that was refunded of the whole."""
    return {
        "item_name": PARTIAL_REFUND,
        "item_id": "",
        **_amounts(invoice, part.amount_minor),
        "item_type": REFUND,
        **dict.fromkeys(RECURRING, ""),
    }


def _amounts(invoice: InvoiceFacts, minor: int) -> Parameters:
    worth = invoice.worth
    return {
        "item_list_amount": in_currency(worth.vendor.of(minor), worth.vendor.currency),
        "item_usd_amount": text2(worth.usd.of(minor), worth.usd.currency),
        "item_cust_amount": in_currency(worth.customer.of(minor), worth.customer.currency),
    }


def _recurring(
    invoice: InvoiceFacts, line: LineFacts, zone: ZoneInfo, row: RecurringRow | None
) -> Parameters:
    item = line.item
    if item is None or item.recurrence_unit is None:
        return dict.fromkeys(RECURRING, "")
    duration = interval_text(item.duration_unit, item.duration_count) or FOREVER
    recurrence = interval_text(item.recurrence_unit, item.recurrence_count) or ""
    if row is None:
        values = (duration, recurrence, "", "", "", "")
    else:
        currency = invoice.worth.vendor.currency
        minor = invoice.worth.vendor.of(minor_of_e4(row.price_e4, invoice.order.currency))
        values = (
            duration,
            recurrence,
            in_currency(minor, currency),
            REC_STATUSES[row.status],
            _next_on(row, zone),
            str(row.installments),
        )
    return dict(zip(RECURRING, values, strict=True))


def _next_on(row: RecurringRow, zone: ZoneInfo) -> str:
    at = row.next_billing_at
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d}"
