"""Invoices as they are shown, with what is shipped (reference 4.1.4 and 4.1.6)."""

from typing import Any

from comptoir.dialects.twocheckout.lineitem_shown import LINEITEM, lineitems_shown
from comptoir.dialects.twocheckout.sale_amounts import day, text2, timestamp, told, total_told
from comptoir.dialects.twocheckout.shapes import (
    DAY,
    FLAG,
    ID,
    MONEY,
    TEXT,
    TIME,
    a_list,
    an_object,
    or_null,
)
from comptoir.domain.countries import country_name
from comptoir.domain.merchant.queries import list_shipping_methods
from comptoir.domain.orders.models import APPROVED, DEPOSITED, INVOICE_STATUSES, PENDING, REFUSED
from comptoir.domain.sales.facts import InvoiceFacts, SaleFacts
from comptoir.domain.tx import Tx

# Quotes of exchange rates had numbers of their own; ours have none, so it is always this one.
QUOTE_ID = "163"
PAID_OUT = "Paid"
# Only the first is attested (reference 4.1.4).
PAYOUT_STATUSES = {
    APPROVED: "Pending Capture",
    PENDING: "Pending Deposit",
    DEPOSITED: "Pending Payout",
    REFUSED: "Declined",
}

SHIPPING = an_object({
    "address_1": TEXT,
    "address_2": or_null(TEXT),
    "city": TEXT,
    "country_code": or_null(TEXT),
    "country_name": or_null(TEXT),
    "date_shipped": or_null(DAY),
    "invoice_id": ID,
    "postal_code": TEXT,
    "shipping_address_id": ID,
    "shipping_id": ID,
    "shipping_method_id": or_null(ID),
    "shipping_method_name": or_null(TEXT),
    "shipping_name": TEXT,
    "state": TEXT,
    "tracking_number": or_null(TEXT),
    "tracking_url": or_null(TEXT),
})  # fmt: skip
INVOICE = an_object({
    "change_id": ID,
    "customer_name": TEXT,
    "customer_snapshot_id": {"type": "null"},
    "customer_total": MONEY,
    "date_placed": TIME,
    "date_shipped": or_null(DAY),
    "date_vendor_paid": or_null(DAY),
    "fees_2co": MONEY,
    "invoice_id": ID,
    "lineitems": a_list(LINEITEM),
    "new_customer_quote_id": ID,
    "new_vendor_quote_id": ID,
    "payout_status": {"type": "string", "enum": [*PAYOUT_STATUSES.values(), PAID_OUT]},
    "recurring": FLAG,
    "referrer": or_null(TEXT),
    "sale_id": ID,
    "shipping": {"anyOf": [SHIPPING, {"type": "null"}]},
    "status": {"type": "string", "enum": list(INVOICE_STATUSES)},
    "timestamp": TIME,
    "usd_total": MONEY,
    "vendor_id": ID,
    "vendor_order_id": or_null(TEXT),
    "vendor_total": MONEY,
})  # fmt: skip


def invoice_shown(tx: Tx, sale: SaleFacts, invoice: InvoiceFacts, vendor_id: int) -> dict[str, Any]:
    """One invoice; every invoice has the same keys, since clients compare them whole (reference 10.3)."""
    order, known, shop = invoice.order, invoice.invoice, tx.shop
    placed = timestamp(order.created_at, shop)
    return {
        "change_id": change_id_of(invoice),
        "customer_name": order.billing_name,
        "customer_snapshot_id": None,
        "customer_total": customer_total(invoice),
        "date_placed": placed,
        "date_shipped": day(order.shipped_at, shop),
        "date_vendor_paid": None if known is None else day(known.paid_out_at, shop),
        "fees_2co": text2(0 if known is None else known.fee_minor, order.currency),
        "invoice_id": str(order.id),
        "lineitems": lineitems_shown(sale, invoice, shop),
        "new_customer_quote_id": QUOTE_ID,
        "new_vendor_quote_id": QUOTE_ID,
        "payout_status": _payout_status(invoice),
        "recurring": "1" if invoice.is_recurring else "0",
        "referrer": (known.referrer or None) if known is not None else None,
        "sale_id": str(sale.sale_id),
        "shipping": _shipping(tx, invoice) if invoice.is_shippable else None,
        "status": invoice.status,
        "timestamp": placed,
        "usd_total": usd_total(invoice),
        "vendor_id": str(vendor_id),
        "vendor_order_id": (known.merchant_order_id or None) if known is not None else None,
        "vendor_total": told(order.total_minor, invoice.worth.vendor),
    }


def change_id_of(invoice: InvoiceFacts) -> str:
    """A number that rises with every invoice of a sale."""
    return str(invoice.order.id if invoice.invoice is None else invoice.invoice.change_number)


def customer_total(invoice: InvoiceFacts) -> str:
    """The total in the buyer's currency, as the invoice keeps it."""
    known = None if invoice.invoice is None else invoice.invoice.customer_total_minor
    return total_told(known, invoice.order.total_minor, invoice.worth.customer)


def usd_total(invoice: InvoiceFacts) -> str:
    """The total in US dollars, as the invoice keeps it."""
    known = None if invoice.invoice is None else invoice.invoice.usd_total_minor
    return total_told(known, invoice.order.total_minor, invoice.worth.usd)


def _payout_status(invoice: InvoiceFacts) -> str:
    if invoice.invoice is not None and invoice.invoice.paid_out_at is not None:
        return PAID_OUT
    return PAYOUT_STATUSES[invoice.status]


def _shipping(tx: Tx, invoice: InvoiceFacts) -> dict[str, Any]:
    order, known = invoice.order, invoice.invoice
    country = "" if known is None else known.delivery_country
    methods = {one.name: one.id for one in list_shipping_methods(tx)} if order.shipping_method else {}
    method_id = methods.get(order.shipping_method)
    return {
        "address_1": order.delivery_address,
        "address_2": (known.delivery_address2 or None) if known is not None else None,
        "city": order.delivery_city,
        "country_code": country or None,
        "country_name": country_name(country) or None,
        "date_shipped": day(order.shipped_at, tx.shop),
        "invoice_id": str(order.id),
        "postal_code": order.delivery_postcode,
        "shipping_address_id": str(order.id),
        "shipping_id": str(order.id),
        "shipping_method_id": None if method_id is None else str(method_id),
        "shipping_method_name": order.shipping_method or None,
        "shipping_name": order.delivery_name,
        "state": order.delivery_state,
        "tracking_number": order.tracking_id or None,
        "tracking_url": (known.tracking_url or None) if known is not None else None,
    }
