"""Placing a sale: an order with its invoice and its line items, as checkouts and renewals bring them about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.amounts import fee_of
from comptoir.domain.merchant.queries import converted, find_converted, get_merchant
from comptoir.domain.orders.buyers import Buyer, customer_of
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import (
    APPROVED,
    COUPON,
    FRAUD_STATUSES,
    INVOICE_STATUSES,
    PRODUCT,
    TAX,
    WAIT,
    Invoice,
    LineItem,
)
from comptoir.domain.orders.placing import OrderFields, place_order
from comptoir.domain.orders.queries import OrderHead, get_head, list_lines
from comptoir.domain.tx import Tx

# Where the numbers of a sale, of its first change and of its first invoice stand among ten (reference 6.2).
NUMBERS, CHANGE_AFTER, INVOICE_AFTER = 10, 3, 9
AUTHORISED_FOR = timedelta(days=7)
CREDIT_CARD = "credit card"
USD = "USD"


@dataclass(frozen=True, slots=True)
class Every:
    """So many weeks, months or years: a recurrence or a duration."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """One piece of what is bought, or the shipping, a tax or a coupon.

    `amount_e4` is what is to be paid for it altogether: price, startup fee and options; of a coupon what it
    takes off, above zero. `price_e4` is the price alone, the amount unless said. `surcharges` are the chosen
    options, `{"id", "name", "value", "surcharge_e4"}`. `product_id` is 0 for what is in no catalogue.
    """

    name: str
    amount_e4: int
    type: str = PRODUCT
    id: int | None = None
    product_id: int = 0
    code: str = ""
    vendor_product_id: str | None = None
    description: str = ""
    is_catalogue: bool = False
    is_tangible: bool = False
    is_cart: bool = False
    price_e4: int | None = None
    handling_e4: int | None = None
    startup_fee_e4: int | None = None
    surcharges: Sequence[Mapping[str, Any]] = ()
    recurrence: Every | None = None
    duration: Every | None = None
    installment: int | None = None
    enrolment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTerms:
    """How a sale was agreed on.

    The lines' amounts are in `currency`, the shop's unless said. The buyer pays in `customer_currency`, the
    same unless said; totals that are not given are converted by the rates of the day. A renewal names its
    `parent_id`, the sale's first order. Numbers that are not given are taken.
    """

    currency: str | None = None
    customer_currency: str | None = None
    customer_total_minor: int | None = None
    usd_total_minor: int | None = None
    status: str = APPROVED
    fraud_status: str = WAIT
    fraud_due_at: datetime | None = None
    authorised_at: datetime | None = None
    authorised_until: datetime | None = None
    merchant_order_id: str = ""
    referrer: str = ""
    method: str = CREDIT_CARD
    card_first_six: str = ""
    card_last_two: str = ""
    avs: str = ""
    cvv: str = ""
    fee_minor: int | None = None
    shipping_method: str = ""
    carrier: str = ""
    comments: str = ""
    parent_id: int | None = None
    installment: int = 1
    sale_id: int | None = None
    order_id: int | None = None
    placed_at: datetime | None = None


class PlacedSale(NamedTuple):
    """What a sale was numbered: the sale, its order (which is the invoice), and a line item for each line."""

    sale_id: int
    order_id: int
    line_ids: list[int]


class _Numbers(NamedTuple):
    sale_id: int
    change_number: int
    order_id: int


def place_sale(tx: Tx, *, lines: Sequence[SaleLine], buyer: Buyer, terms: SaleTerms) -> PlacedSale:
    """Place an order with its invoice and line items; no money moves yet.

    The buyer becomes a customer, or is the one with the same e-mail address. A renewal is billed to the
    first order's sale, as the same customer.
    Refuses: Invalid (status, fraud_status), OrderNotFound (parent), Invalid (sale_id, lines, type, currency,
    email, unit_price, total, id), NoExchangeRate.
    """
    if terms.status not in INVOICE_STATUSES:
        raise Invalid("status", f"{terms.status!r} is none of {', '.join(INVOICE_STATUSES)}")
    if terms.fraud_status not in FRAUD_STATUSES:
        raise Invalid("fraud_status", f"{terms.fraud_status!r} is no state of a fraud review")
    parent = None if terms.parent_id is None else get_head(tx, terms.parent_id)
    numbers = _numbers(tx, terms, parent)
    customer_id = customer_of(tx, buyer, terms.placed_at) if parent is None else parent.customer_id
    order = _order(tx, buyer, terms, numbers) | OrderFields(customer_id=customer_id)
    if parent is not None:
        order |= OrderFields(parent_id=parent.id, is_renewal=True)
    place_order(tx, lines=[_line(line) for line in lines], **order)
    placed = [line.id for line in list_lines(tx, numbers.order_id)]
    head = get_head(tx, numbers.order_id)
    shippable = any(line.is_tangible for line in lines)
    invoice = _invoice(tx, head, terms) | {
        "change_number": numbers.change_number,
        "is_shippable": shippable,
        **buyer.invoice_columns(),
    }
    tx.insert(Invoice, **invoice)
    tx.insert_many(
        LineItem,
        [_line_item(numbers.order_id, key, line) for key, line in zip(placed, lines, strict=True)],
    )
    after = {
        "order_id": numbers.order_id,
        "installment": terms.installment,
        "status": terms.status,
        "fraud_status": terms.fraud_status,
        "total_minor": head.total_minor,
        "currency": head.currency,
    }
    tx.note("sale.placed", "sale", numbers.sale_id, after=after)
    return PlacedSale(numbers.sale_id, numbers.order_id, placed)


def _numbers(tx: Tx, terms: SaleTerms, parent: OrderHead | None) -> _Numbers:
    """The numbers of a sale's first order, or of a renewal. Refuses: Invalid (sale_id)."""
    if parent is not None:
        first = tx.ids.next("order", NUMBERS) if terms.order_id is None else terms.order_id - INVOICE_AFTER
        return _Numbers(parent.sale_id, first + CHANGE_AFTER, first + INVOICE_AFTER)
    if terms.sale_id is None:
        if terms.order_id is not None:
            raise Invalid("sale_id", "is missing though the order has a number")
        sale_id = tx.ids.next("order", NUMBERS)
    else:
        sale_id = terms.sale_id
        tx.ids.reach("order", sale_id + NUMBERS)
    return _Numbers(sale_id, sale_id + CHANGE_AFTER, terms.order_id or sale_id + INVOICE_AFTER)


def _order(tx: Tx, buyer: Buyer, terms: SaleTerms, numbers: _Numbers) -> OrderFields:
    return OrderFields(
        id=numbers.order_id,
        sale_id=numbers.sale_id,
        created_at=terms.placed_at or tx.now,
        currency=terms.currency or tx.shop.currency,
        comments=terms.comments,
        billing_name=buyer.cardholder,
        billing_company=buyer.company,
        billing_address=buyer.address1,
        billing_city=buyer.city,
        billing_state=buyer.state,
        billing_postcode=buyer.postcode,
        billing_email=buyer.email,
        billing_phone=buyer.phone,
        delivery_name=buyer.delivery_name,
        delivery_address=buyer.delivery_address1,
        delivery_city=buyer.delivery_city,
        delivery_state=buyer.delivery_state,
        delivery_postcode=buyer.delivery_postcode,
        payment_method=terms.method,
        shipping_method=terms.shipping_method,
        carrier=terms.carrier,
    )


def _line(line: SaleLine) -> LineFields:
    fields = LineFields(
        type=line.type,
        product_id=line.product_id,
        code=line.code,
        name=line.name,
        unit_price_e4=line.amount_e4,
        options={str(one["name"]): one["value"] for one in line.surcharges},
    )
    if line.id is not None:
        fields["id"] = line.id
    return fields


def _invoice(tx: Tx, head: OrderHead, terms: SaleTerms) -> dict[str, Any]:
    """What the terms say of an order's invoice. Refuses: NoExchangeRate."""
    authorised_at = terms.authorised_at or (head.created_at if terms.status == APPROVED else None)
    currency = terms.customer_currency or head.currency
    in_customers, in_usd = _worth(tx, head, terms)
    fee = terms.fee_minor
    return {
        "order_id": head.id,
        "installment": terms.installment,
        "status": terms.status,
        "fraud_status": terms.fraud_status,
        "fraud_due_at": terms.fraud_due_at,
        "merchant_order_id": terms.merchant_order_id,
        "referrer": terms.referrer,
        "method": terms.method,
        "card_first_six": terms.card_first_six,
        "card_last_two": terms.card_last_two,
        "avs": terms.avs,
        "cvv": terms.cvv,
        "payment_id": None,
        "customer_currency": currency,
        "customer_total_minor": in_customers,
        "usd_total_minor": in_usd,
        "fee_minor": fee_of(get_merchant(tx), head.total_minor) if fee is None else fee,
        "authorised_at": authorised_at,
        "authorised_until": terms.authorised_until or (authorised_at and authorised_at + AUTHORISED_FOR),
        "reauthorised_at": None,
        "pending_at": None,
        "deposited_at": None,
        "tracking_url": "",
        "payout_id": None,
        "paid_out_at": None,
    }


def _worth(tx: Tx, head: OrderHead, terms: SaleTerms) -> tuple[int, int]:
    """The total in the buyer's currency and in US dollars.

    Dollars are shown for comparison only: a shop that keeps no rate for them has its own amounts there.
    Refuses: NoExchangeRate.
    """
    total, own = head.total_minor, head.currency
    day = tx.shop.local(head.created_at).date()
    in_customers, in_usd = terms.customer_total_minor, terms.usd_total_minor
    if in_customers is None:
        in_customers = converted(tx, total, own, terms.customer_currency or own, day)
    if in_usd is None:
        in_usd = find_converted(tx, total, own, USD, day)
    return in_customers, total if in_usd is None else in_usd


def _line_item(order_id: int, line_id: int, line: SaleLine) -> dict[str, Any]:
    recurrence, duration = line.recurrence, line.duration
    first = 1 if recurrence is not None and line.installment is None else line.installment
    return {
        "order_line_id": line_id,
        "order_id": order_id,
        "vendor_product_id": line.vendor_product_id,
        "description": line.description,
        "is_catalogue": line.is_catalogue,
        "is_tangible": line.is_tangible and line.type not in {COUPON, TAX},
        "is_cart": line.is_cart,
        "price_e4": line.amount_e4 if line.price_e4 is None else line.price_e4,
        "handling_e4": line.handling_e4,
        "startup_fee_e4": line.startup_fee_e4,
        "surcharges": [dict(one) for one in line.surcharges],
        "recurrence_unit": recurrence and recurrence.unit,
        "recurrence_count": recurrence and recurrence.count,
        "duration_unit": duration and duration.unit,
        "duration_count": duration and duration.count,
        "installment": first,
        "enrolment_id": line.enrolment_id,
    }
