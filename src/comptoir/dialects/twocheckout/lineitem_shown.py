"""Line items as they are shown (reference 4.1.5)."""

from datetime import date, timedelta
from typing import Any

from comptoir.dialects.codecs import e4_text2
from comptoir.dialects.twocheckout.prices import FOREVER, interval_text, money_or_none
from comptoir.dialects.twocheckout.sale_amounts import day, day_text, told
from comptoir.dialects.twocheckout.shapes import (
    DAY,
    FLAG,
    ID,
    MONEY,
    TEXT,
    a_list,
    an_object,
    or_null,
)
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.models import BUNDLE, COUPON, PRODUCT
from comptoir.domain.sales.facts import InvoiceFacts, LineFacts, PartFacts, SaleFacts
from comptoir.domain.sales.rows import ItemRow, RecurringRow
from comptoir.domain.shop import ShopFacts
from comptoir.domain.subscriptions.amounts import MONTHS, month_day
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, DECLINED, LIVE

BILL, REFUND = "bill", "refund"
PARTIAL_REFUND = "Partial Refund"
# What a recurring line may be; one that has a later installment is none of these (reference 12, decision 15).
RECURRING_STATUSES = {LIVE: "active", CANCELED: "stopped", COMPLETED: "completed", DECLINED: "declined"}
CAPTURED_AFTER, LAPSES_AFTER = timedelta(days=2), timedelta(days=7)
# Affiliates are none of ours (reference 12, decision 32 and 4.1.5): their fields are there, and empty.
AFFILIATE = (
    "affiliate_vendor_id", "commission", "commission_affiliate_vendor_id", "commission_flat_rate",
    "commission_percentage", "commission_type", "commission_usd_amount", "flat_rate", "percentage",
    "usd_commission", "lc_affiliate_vendor_id", "lc_usd_amount",
)  # fmt: skip

OPTION = an_object({
    "customer_surcharge": MONEY,
    "lineitem_id": ID,
    "lineitem_option_id": ID,
    "option_name": TEXT,
    "option_value": TEXT,
    "usd_surcharge": MONEY,
    "vendor_surcharge": MONEY,
})  # fmt: skip
BILLING = an_object({
    "amount": MONEY,
    "bill_method": or_null(TEXT),
    "billing_id": ID,
    "customer_amount": MONEY,
    "customer_id": ID,
    "date_deposited": or_null(DAY),
    "date_end": or_null(DAY),
    "date_fail": or_null(DAY),
    "date_next": or_null(DAY),
    "date_pending": or_null(DAY),
    "date_start": or_null(DAY),
    "lineitem_id": ID,
    "recurring_status": or_null({"type": "string", "enum": list(RECURRING_STATUSES.values())}),
    "status": {"type": "string", "enum": [BILL, REFUND]},
    "usd_amount": MONEY,
    "vendor_amount": MONEY,
})  # fmt: skip
LINEITEM = an_object({
    **{name: {"type": "null"} for name in AFFILIATE},
    "billing": BILLING,
    "customer_amount": MONEY,
    "installment": or_null(ID),
    "invoice_id": ID,
    "lineitem_id": ID,
    "linked_id": or_null(ID),
    "options": a_list(OPTION),
    "product_description": TEXT,
    "product_duration": or_null(TEXT),
    "product_handling": or_null(MONEY),
    "product_id": or_null(ID),
    "product_is_cart": FLAG,
    "product_name": TEXT,
    "product_price": MONEY,
    "product_recurrence": or_null(TEXT),
    "product_startup_fee": or_null(MONEY),
    "product_tangible": FLAG,
    "sale_id": ID,
    "status": {"type": "string", "enum": [BILL, REFUND]},
    "type": or_null({"type": "string", "enum": ["product", "shipping", "tax", "coupon"]}),
    "usd_amount": MONEY,
    "vendor_amount": MONEY,
    "vendor_product_id": or_null(TEXT),
})  # fmt: skip


def lineitems_shown(sale: SaleFacts, invoice: InvoiceFacts, shop: ShopFacts) -> list[dict[str, Any]]:
    """What was billed by an invoice, and after it the amounts that were given back of the whole."""
    return [
        *(_lineitem(sale, invoice, line, shop) for line in invoice.lines),
        *(_partial_refund(sale, invoice, part, shop) for part in invoice.parts),
    ]


def _lineitem(sale: SaleFacts, invoice: InvoiceFacts, line: LineFacts, shop: ShopFacts) -> dict[str, Any]:
    row, item = line.line, line.item
    status = REFUND if line.is_refunded else BILL
    product = _unsold(invoice, line) if item is None else _product(line, item)
    return {
        **dict.fromkeys(AFFILIATE),
        **_numbers(sale, invoice, row.id),
        **_amounts(invoice, line.amount_minor),
        **product,
        "billing": _billing(sale, invoice, line, status, shop),
        "linked_id": None,
        "options": [] if item is None else _options(invoice, row.id, item),
        "product_name": row.name,
        "status": status,
        "type": PRODUCT if row.type == BUNDLE else row.type,
    }


def _numbers(sale: SaleFacts, invoice: InvoiceFacts, line_id: int) -> dict[str, str]:
    return {
        "lineitem_id": str(line_id),
        "invoice_id": str(invoice.order.id),
        "sale_id": str(sale.sale_id),
    }


def _amounts(invoice: InvoiceFacts, minor: int) -> dict[str, str]:
    worth = invoice.worth
    return {
        "customer_amount": told(minor, worth.customer),
        "usd_amount": told(minor, worth.usd),
        "vendor_amount": told(minor, worth.vendor),
    }


def _product(line: LineFacts, item: ItemRow) -> dict[str, Any]:
    """What checkout knew of what was bought; a coupon's price is below zero, as its amount is."""
    row = line.line
    return {
        "installment": None if item.installment is None else str(item.installment),
        "product_description": item.description,
        "product_duration": _duration(item),
        "product_handling": money_or_none(item.handling_e4),
        "product_id": str(row.product_id) if item.is_catalogue and row.product_id else None,
        "product_is_cart": "1" if item.is_cart else "0",
        "product_price": e4_text2(-item.price_e4 if row.type == COUPON else item.price_e4),
        "product_recurrence": interval_text(item.recurrence_unit, item.recurrence_count),
        "product_startup_fee": money_or_none(item.startup_fee_e4),
        "product_tangible": "1" if item.is_tangible else "0",
        "vendor_product_id": item.vendor_product_id,
    }


def _unsold(invoice: InvoiceFacts, line: LineFacts) -> dict[str, Any]:
    """The line of an order that was not sold at a checkout."""
    row = line.line
    return {
        "installment": None,
        "product_description": "",
        "product_duration": None,
        "product_handling": None,
        "product_id": str(row.product_id) if row.product_id else None,
        "product_is_cart": "0",
        "product_price": told(minor_of_e4(row.unit_price_e4, invoice.order.currency), invoice.worth.vendor),
        "product_recurrence": None,
        "product_startup_fee": None,
        "product_tangible": "0",
        "vendor_product_id": row.code or None,
    }


def _duration(item: ItemRow) -> str | None:
    if item.recurrence_unit is None:
        return None
    return interval_text(item.duration_unit, item.duration_count) or FOREVER


def _options(invoice: InvoiceFacts, line_id: int, item: ItemRow) -> list[dict[str, Any]]:
    worth, currency = invoice.worth, invoice.order.currency
    shown = []
    for place, one in enumerate(item.surcharges or (), 1):
        minor = minor_of_e4(one["surcharge_e4"], currency)
        shown.append(
            {
                "customer_surcharge": told(minor, worth.customer),
                "lineitem_id": str(line_id),
                "lineitem_option_id": str(one.get("id") or place),
                "option_name": one["name"],
                "option_value": one["value"],
                "usd_surcharge": told(minor, worth.usd),
                "vendor_surcharge": told(minor, worth.vendor),
            }
        )
    return shown


def _billing(
    sale: SaleFacts, invoice: InvoiceFacts, line: LineFacts, status: str, shop: ShopFacts
) -> dict[str, Any]:
    """When it is billed (reference 4.1.5)."""
    recurring = line.recurring if line.is_newest else None
    fails_on = _fails_on(invoice, shop)
    return {
        **_bill(sale, invoice, line.line.id, line.amount_minor, status),
        **_dates(invoice, shop),
        "date_end": _ends_on(sale, line, fails_on, shop),
        "date_next": None if recurring is None else _next_on(recurring, shop),
        "recurring_status": None if recurring is None else RECURRING_STATUSES.get(recurring.status),
    }


def _bill(sale: SaleFacts, invoice: InvoiceFacts, line_id: int, minor: int, status: str) -> dict[str, Any]:
    method = invoice.order.payment_method if invoice.invoice is None else invoice.invoice.method
    return {
        **_amounts(invoice, minor),
        "amount": told(minor, invoice.worth.vendor),
        "bill_method": BILL_METHODS.get(method, method.replace(" ", "_").lower()) or None,
        "billing_id": str(line_id),
        "customer_id": customer_id_of(sale),
        "lineitem_id": str(line_id),
        "status": status,
    }


BILL_METHODS = {"paypal ec": "paypal_int", "paypal pay later": "paypal_pl", "online check": "ach"}


def customer_id_of(sale: SaleFacts) -> str:
    """The customer's number; of a stranger, the one that sales used to give (reference 6.2)."""
    return str(sale.first.order.customer_id or sale.sale_id + 6)


def _dates(invoice: InvoiceFacts, shop: ShopFacts) -> dict[str, str | None]:
    known = invoice.invoice
    return {
        "date_deposited": day(invoice.deposited_at, shop),
        "date_fail": day_text(_fails_on(invoice, shop)),
        "date_pending": day(invoice.deposited_at if known is None else known.pending_at, shop),
        "date_start": day(invoice.order.created_at + CAPTURED_AFTER, shop),
    }


def _fails_on(invoice: InvoiceFacts, shop: ShopFacts) -> date:
    """The day on which the authorisation lapses."""
    until = None if invoice.invoice is None else invoice.invoice.authorised_until
    return shop.local(until or invoice.order.created_at + LAPSES_AFTER).date()


def _ends_on(sale: SaleFacts, line: LineFacts, fails_on: date, shop: ShopFacts) -> str | None:
    """A one-off line ends with its authorisation, one that recurs with its duration, if it has one."""
    item = line.item
    if item is None or item.recurrence_unit is None:
        return day_text(fails_on)
    if item.duration_unit is None:
        return None
    start = shop.local(sale.first.order.created_at).date()
    count = item.duration_count or 0
    if item.duration_unit not in MONTHS:
        return day_text(start + timedelta(weeks=count))
    return day_text(month_day(start, MONTHS[item.duration_unit] * count, start.day))


def _next_on(recurring: RecurringRow, shop: ShopFacts) -> str | None:
    return day(recurring.next_billing_at, shop) if recurring.status == LIVE else None


def _partial_refund(
    sale: SaleFacts, invoice: InvoiceFacts, part: PartFacts, shop: ShopFacts
) -> dict[str, Any]:
    """An amount that was given back of the invoice as a whole (reference 6.7)."""
    return {
        **dict.fromkeys(AFFILIATE),
        **_numbers(sale, invoice, part.id),
        **_amounts(invoice, part.amount_minor),
        "billing": {
            **_bill(sale, invoice, part.id, part.amount_minor, REFUND),
            **dict.fromkeys(("date_deposited", "date_fail", "date_pending", "date_start")),
            "date_end": day(part.at, shop),
            "date_next": None,
            "recurring_status": None,
        },
        "installment": None,
        "linked_id": None,
        "options": [],
        "product_description": "",
        "product_duration": None,
        "product_handling": None,
        "product_id": None,
        "product_is_cart": "0",
        "product_name": PARTIAL_REFUND,
        "product_price": told(part.amount_minor, invoice.worth.vendor),
        "product_recurrence": None,
        "product_startup_fee": None,
        "product_tangible": "0",
        "status": REFUND,
        "type": None,
        "vendor_product_id": None,
    }
