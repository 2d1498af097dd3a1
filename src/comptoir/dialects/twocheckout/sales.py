"""One sale, and remarks on it (reference 4.1 and 4.9)."""

from typing import Any

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import reading, writing
from comptoir.dialects.twocheckout.invoice_shown import INVOICE, invoice_shown
from comptoir.dialects.twocheckout.lineitem_shown import customer_id_of
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, ParameterMissing, Parameters, asked_of
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.sale_amounts import timestamp
from comptoir.dialects.twocheckout.shapes import (
    ASKED_ID,
    COUNT,
    FLAG,
    ID,
    TEXT,
    TIME,
    a_list,
    an_object,
    given,
    needed,
    or_null,
)
from comptoir.domain.countries import country_name, country_of, two_letters_of
from comptoir.domain.merchant.queries import get_vendor_id
from comptoir.domain.orders.commenting import CommentRow, add_comment, list_comments, tell_customer
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.sales.facts import InvoiceFacts, SaleFacts, find_sale_of_invoice, get_sale
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

COMMENT_MAX = 5000
SENT_TO_VENDOR, SENT_TO_CUSTOMER = "[* Sent: Vendor *] ", "[* Sent: Customer *] "

PAY_METHOD = an_object({
    "avs": or_null(TEXT),
    "cvv": or_null(TEXT),
    "first_six_digits": or_null(TEXT),
    "last_two_digits": or_null(TEXT),
    "method": or_null(TEXT),
})  # fmt: skip
CUSTOMER = an_object({
    "address_1": TEXT,
    "address_2": or_null(TEXT),
    "address_id": ID,
    "cardholder_name": TEXT,
    "city": TEXT,
    "country_code": or_null(TEXT),
    "country_code_2": or_null(TEXT),
    "country_name": or_null(TEXT),
    "customer_id": ID,
    "email_address": TEXT,
    "first_name": TEXT,
    "lang": TEXT,
    "last_name": TEXT,
    "middle_initial": or_null(TEXT),
    "pay_method": PAY_METHOD,
    "phone": TEXT,
    "phone_ext": TEXT,
    "postal_code": TEXT,
    "prefix": {"type": "null"},
    "state": TEXT,
    "state_2": or_null(TEXT),
})  # fmt: skip
DETAIL_IP = an_object({
    "address": TEXT,
    "area_code": COUNT,
    "city": TEXT,
    "country": TEXT,
    "country_code": TEXT,
    "region": TEXT,
    "zip": or_null(TEXT),
})  # fmt: skip
COMMENT = an_object({"changed_by_ip": TEXT, "comment": TEXT, "timestamp": TIME, "username": TEXT})
RECURRING_DECLINE = an_object({
    "date_declined": TIME,
    "date_updated": TIME,
    "decline_code": or_null(TEXT),
    "pay_method": or_null(TEXT),
    "pplus_code": {"type": "null"},
    "retries": COUNT,
    "sale_id": ID,
})  # fmt: skip
SALE = an_object(
    {
        "comments": a_list(COMMENT),
        "customer": CUSTOMER,
        "date_placed": TIME,
        "detail_ip": DETAIL_IP,
        "invoice_id": ID,
        "invoices": a_list(INVOICE),
        "ip_address": TEXT,
        "ip_country": TEXT,
        "recurring_decline": {"anyOf": [RECURRING_DECLINE, {"type": "null"}]},
        "sale_id": ID,
    },
    optional=("invoice_id",),
)


def detail_sale(call: Call) -> Reply:
    """A sale by its number, by one of its invoices', or by both, which must match (reference 4.1)."""
    asked = asked_of(call)
    sale_id, invoice_id = asked.id("sale_id"), asked.id("invoice_id")
    if sale_id is None and invoice_id is None:
        raise ParameterMissing("sale_or_invoice_id")
    sale = find_sale(call.tx, sale_id, invoice_id)
    shown = sale_shown(call.tx, sale)
    vendor_id = get_vendor_id(call.tx)
    chosen = [one for one in sale.invoices if invoice_id in {None, one.order.id}]
    shown["invoices"] = [invoice_shown(call.tx, sale, one, vendor_id) for one in chosen]
    if invoice_id is not None:
        shown["invoice_id"] = str(invoice_id)
    return ok("Sale detail retrieved", sale=shown)


def find_sale(tx: Tx, sale_id: int | None, invoice_id: int | None) -> SaleFacts:
    """The sale that is meant. Refuses: SaleNotFound, OrderNotFound."""
    if invoice_id is None:
        assert sale_id is not None, "one of the two was asked for"
        return get_sale(tx, sale_of(tx, sale_id))
    found = find_sale_of_invoice(tx, invoice_id)
    if found is None or sale_id not in {None, found, invoice_id}:
        raise OrderNotFound(invoice_id)
    return get_sale(tx, found)


def sale_of(tx: Tx, number: int) -> int:
    """The sale of this number; or the one whose invoice has it, for some clients send that (reference 12, 23).

    Refuses: SaleNotFound.
    """
    found = find_sale_of_invoice(tx, number)
    return number if found is None else found


def sale_shown(tx: Tx, sale: SaleFacts) -> dict[str, Any]:
    """What is shown of a sale beside its invoices.

    It has no member `recurring`: that makes it an invoice to some clients (reference 10.4).
    """
    first, shop = sale.first, tx.shop
    known = first.invoice
    address = "" if known is None else known.ip_address
    country = "" if known is None else known.ip_country
    code = country_of(country)
    return {
        "comments": [_comment(one, shop) for one in list_comments(tx, sale.sale_id)],
        "customer": _customer(sale, first),
        "date_placed": timestamp(first.order.created_at, shop),
        "detail_ip": {
            "address": address,
            "area_code": 0,
            "city": "",
            "country": country_name(code) or country,
            "country_code": two_letters_of(code),
            "region": "",
            "zip": None,
        },
        "ip_address": address,
        "ip_country": country_name(code) or country,
        "recurring_decline": _recurring_decline(sale, shop),
        "sale_id": str(sale.sale_id),
    }


def _customer(sale: SaleFacts, first: InvoiceFacts) -> dict[str, Any]:
    order, known = first.order, first.invoice
    country = "" if known is None else known.billing_country
    first_name, last_name = names_of(first)
    return {
        "address_1": order.billing_address,
        "address_2": (known.billing_address2 or None) if known is not None else None,
        "address_id": str(sale.sale_id),
        "cardholder_name": order.billing_name,
        "city": order.billing_city,
        "country_code": country or None,
        "country_code_2": two_letters_of(country) or None,
        "country_name": country_name(country) or None,
        "customer_id": customer_id_of(sale),
        "email_address": order.billing_email,
        "first_name": first_name,
        "lang": "en" if known is None else known.language,
        "last_name": last_name,
        "middle_initial": (known.middle_initial or None) if known is not None else None,
        "pay_method": _pay_method(first),
        "phone": order.billing_phone,
        "phone_ext": "" if known is None else known.phone_ext,
        "postal_code": order.billing_postcode,
        "prefix": None,
        "state": order.billing_state,
        "state_2": None,
    }


def names_of(invoice: InvoiceFacts) -> tuple[str, str]:
    """First and last name; what stands before and after the last blank, where only the whole is known."""
    if invoice.invoice is not None:
        return invoice.invoice.first_name, invoice.invoice.last_name
    first, _, last = invoice.order.billing_name.strip().rpartition(" ")
    return first.strip(), last


def _pay_method(first: InvoiceFacts) -> dict[str, str | None]:
    known = first.invoice
    if known is None:
        return {
            **dict.fromkeys(("avs", "cvv", "first_six_digits", "last_two_digits")),
            "method": method_of(first),
        }
    return {
        "avs": known.avs or None,
        "cvv": known.cvv or None,
        "first_six_digits": known.card_first_six or None,
        "last_two_digits": known.card_last_two or None,
        "method": method_of(first),
    }


def method_of(invoice: InvoiceFacts) -> str | None:
    """How it was paid, in words."""
    known = invoice.invoice
    return (invoice.order.payment_method if known is None else known.method) or None


def _comment(row: CommentRow, shop: ShopFacts) -> dict[str, str]:
    return {
        "changed_by_ip": row.ip_address,
        "comment": row.text,
        "timestamp": timestamp(row.created_at, shop),
        "username": row.author,
    }


def _recurring_decline(sale: SaleFacts, shop: ShopFacts) -> dict[str, Any] | None:
    declined = sale.declined
    if declined is None or declined.first_declined_at is None:
        return None
    updated_at = declined.declined_at or declined.first_declined_at
    return {
        "date_declined": timestamp(declined.first_declined_at, shop),
        "date_updated": timestamp(updated_at, shop),
        "decline_code": declined.decline_code or None,
        "pay_method": method_of(sale.first),
        "pplus_code": None,
        "retries": declined.failed_attempts,
        "sale_id": str(sale.sale_id),
    }


def comment_asked(asked: Parameters, name: str, *, most: int = COMMENT_MAX) -> str:
    """A remark without markup, or an empty one. Refuses: ParameterInvalid."""
    said = (asked.text(name, most=most) or "").strip()
    if "<" in said or ">" in said:
        raise ParameterInvalid(name, "may hold no markup")
    return said


def create_comment(call: Call) -> Reply:
    """Remark on a sale. A copy for somebody is told by what stands before the remark (reference 4.1.7)."""
    asked = asked_of(call)
    asked.demand("sale_id", "sale_comment")
    number, said = asked.need_id("sale_id"), comment_asked(asked, "sale_comment")
    to_vendor, to_customer = asked.flag("cc_vendor"), asked.flag("cc_customer")
    sale_id = sale_of(call.tx, number)
    prefix = (SENT_TO_VENDOR if to_vendor else "") + (SENT_TO_CUSTOMER if to_customer else "")
    add_comment(call.tx, sale_id=sale_id, text=f"{prefix}{said}", ip_address=call.request.address)
    if to_customer:
        tell_customer(call.tx, sale_id=sale_id, text=said)
    return ok("Created comment successfully.")


BY_NUMBER = (
    given("sale_id", ASKED_ID, "The sale; all of its invoices."),
    given("invoice_id", ASKED_ID, "One of its invoices; that one alone."),
)
CALLS = (
    reading("sales/detail_sale", detail_sale, takes=BY_NUMBER, shows={"sale": SALE}, text="Show a sale"),
    writing(
        "sales/create_comment", create_comment,
        takes=(
            needed("sale_id", ASKED_ID, "The sale."),
            needed("sale_comment", TEXT, "What to say; no markup."),
            given("cc_vendor", FLAG, "Whether the vendor gets a copy."),
            given("cc_customer", FLAG, "Whether the buyer gets a copy."),
        ),
        text="Remark on a sale",
    ),
)  # fmt: skip
