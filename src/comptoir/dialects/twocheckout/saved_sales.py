"""Sales as a vendor saved them from the original platform: documents of detail_sale, read (reference 4.1).

The documents have no zone and no currencies: times are the shop's, vendor amounts are in the shop's currency,
and the buyer's currency is US dollars where both totals are the same, and the shop's otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from comptoir.dialects.twocheckout.lineitem_shown import PARTIAL_REFUND, RECURRING_STATUSES
from comptoir.domain.errors import Invalid
from comptoir.domain.money import e4_of_decimal, e4_of_minor, minor_of_decimal
from comptoir.domain.orders.importing import OrderImport
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import (
    APPROVED,
    COMPLETED,
    COUPON,
    DECLINED,
    DEPOSITED,
    IN_PROGRESS,
    NEW,
    PASS,
    PENDING,
    PRODUCT,
    REFUSED,
    SHIPPED,
    SHIPPING,
    WAIT,
)
from comptoir.domain.orders.taking_over import InvoiceImport, LineItemImport
from comptoir.domain.refunds.models import AMOUNT
from comptoir.domain.shop import ShopFacts

Document = Mapping[str, Any]
REFUNDED = "refund"
UNITS = {"week", "month", "year"}
STATUSES = {told: status for status, told in RECURRING_STATUSES.items()}


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was refunded of an invoice: a line of it, or (`line_id` 0) an amount of the whole, with its `id`."""

    id: int | None
    line_id: int
    type: str
    amount_e4: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line that recurs, or did: what it is called, its price, how far it has come, and when it goes on."""

    line_id: int
    name: str
    status: str | None
    price_e4: int
    installment: int
    next_at: datetime | None


@dataclass(slots=True)
class SavedInvoice:
    """One invoice as rows of the importing verbs."""

    order: OrderImport
    invoice: InvoiceImport
    paid_at: datetime | None
    is_pending: bool
    given_back: list[GivenBack] = field(default_factory=list)
    recurring: list[Recurring] = field(default_factory=list)


class Page:
    """A document with its shop: values by name, refused with the name when they are not what they must be."""

    def __init__(self, document: Document, shop: ShopFacts) -> None:
        self._document = document
        self.shop = shop

    def text(self, name: str) -> str:
        """A text; empty when there is none."""
        value = self._document.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str) -> int | None:
        """A whole number, or None. Refuses: Invalid."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Invalid(name, f"{text[:30]!r} is no number")
        return int(text)

    def number(self, name: str) -> int:
        """A whole number that must be there. Refuses: Invalid."""
        found = self.whole(name)
        if not found:
            raise Invalid(name, "is missing")
        return found

    def amount(self, name: str) -> Decimal | None:
        """A decimal, or None. Refuses: Invalid."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = Decimal(text)
            e4_of_decimal(found)
        except (InvalidOperation, ValueError) as error:
            raise Invalid(name, f"{text[:30]!r} is no amount") from error
        return found

    def e4(self, name: str) -> int | None:
        """An amount in ten-thousandths, or None. Refuses: Invalid."""
        found = self.amount(name)
        return None if found is None else e4_of_decimal(found)

    def minor(self, name: str, currency: str) -> int:
        """An amount in minor units, nothing when it is not told. Refuses: Invalid."""
        return minor_of_decimal(self.amount(name) or Decimal(0), currency)

    def time(self, name: str) -> datetime | None:
        """A time or a day on the shop's clock, or None. Refuses: Invalid."""
        text = self.text(name)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self.shop.zone)
        except ValueError as error:
            raise Invalid(name, f"{text[:30]!r} is no time") from error

    def flag(self, name: str) -> bool:
        """Whether it says yes."""
        return self.text(name) in {"1", "Y"}

    def page(self, name: str) -> "Page":
        """An object inside the document, empty when there is none. Refuses: Invalid."""
        value = self._document.get(name) or {}
        if not isinstance(value, Mapping):
            raise Invalid(name, "is no object")
        return Page(value, self.shop)

    def pages(self, name: str) -> list["Page"]:
        """A list of objects. Refuses: Invalid."""
        values = self._document.get(name) or []
        if not isinstance(values, Sequence) or not all(isinstance(one, Mapping) for one in values):
            raise Invalid(name, "is no list of objects")
        return [Page(one, self.shop) for one in values]

    def interval(self, name: str) -> tuple[str | None, int | None]:
        """`2 Week` as unit and count, nothing for `Forever` or nothing. Refuses: Invalid."""
        text = self.text(name).lower()
        if text in {"", "forever"}:
            return None, None
        count, _, unit = text.partition(" ")
        if unit not in UNITS or not count.isdigit() or not 0 < int(count) < 1000:
            raise Invalid(name, f"{text[:30]!r} is no interval such as 1 Month")
        return unit, int(count)


def read_sale(document: Document, shop: ShopFacts) -> Iterator[SavedInvoice]:
    """The invoices of a sale, oldest first. Refuses: Invalid."""
    answer = Page(document, shop)
    sale = answer.page("sale") if "sale" in document else answer
    first_id = None
    invoices = sale.pages("invoices")
    if not invoices:
        raise Invalid("invoices", "are none")
    for installment, invoice in enumerate(invoices, 1):
        saved = _invoice(sale, invoice, installment, first_id)
        first_id = first_id or saved.order["id"]
        yield saved


def _invoice(sale: Page, invoice: Page, installment: int, first_id: int | None) -> SavedInvoice:
    currency = invoice.shop.currency
    billed = [line for line in invoice.pages("lineitems") if not _is_partial_refund(line)]
    placed_at = invoice.time("date_placed") or sale.time("date_placed")
    if placed_at is None:
        raise Invalid("date_placed", "is missing")
    status = invoice.text("status") or DEPOSITED
    order = _order(sale, invoice, billed, placed_at)
    order |= OrderImport(
        id=invoice.number("invoice_id"),
        number=str(sale.number("sale_id") if first_id is None else invoice.number("invoice_id")),
        sale_id=sale.number("sale_id"),
        parent_id=first_id,
        is_renewal=first_id is not None,
        lines=[_line(line) for line in billed],
        total_e4=e4_of_minor(sum(_minor(line) for line in billed), currency),
        created_at=placed_at,
    )  # fmt: skip
    paid_at = _first_time(billed, "date_deposited") or placed_at
    return SavedInvoice(
        order,
        _facts(sale, invoice, billed, status, installment),
        paid_at=None if status == REFUSED else paid_at if status == DEPOSITED else placed_at,
        is_pending=status in {APPROVED, PENDING},
        given_back=[
            _given_back(line) for line in invoice.pages("lineitems") if line.text("status") == REFUNDED
        ],
        recurring=[one for line in billed if (one := _recurring(line)) is not None],
    )


def _is_partial_refund(line: Page) -> bool:
    return line.text("status") == REFUNDED and line.text("product_name") == PARTIAL_REFUND


def _order(sale: Page, invoice: Page, billed: Sequence[Page], placed_at: datetime) -> OrderImport:
    customer, shipping = sale.page("customer"), invoice.page("shipping")
    shipped_at = invoice.time("date_shipped") or shipping.time("date_shipped")
    tangible = any(line.flag("product_tangible") for line in billed)
    states = {
        APPROVED: NEW,
        PENDING: IN_PROGRESS,
        DEPOSITED: IN_PROGRESS if tangible else COMPLETED,
        REFUSED: DECLINED,
    }
    name = customer.text("cardholder_name") or f"{customer.text('first_name')} {customer.text('last_name')}"
    return OrderImport(  # type: ignore[typeddict-item]  # the rest of it is added by the caller
        status=SHIPPED if shipped_at else states.get(invoice.text("status") or DEPOSITED, COMPLETED),
        currency=invoice.shop.currency,
        updated_at=placed_at,
        billing_name=name.strip(),
        billing_address=customer.text("address_1"),
        billing_city=customer.text("city"),
        billing_state=customer.text("state"),
        billing_postcode=customer.text("postal_code"),
        billing_email=customer.text("email_address"),
        billing_phone=customer.text("phone"),
        delivery_name=shipping.text("shipping_name"),
        delivery_address=shipping.text("address_1"),
        delivery_city=shipping.text("city"),
        delivery_state=shipping.text("state"),
        delivery_postcode=shipping.text("postal_code"),
        payment_method=customer.page("pay_method").text("method"),
        shipping_method=shipping.text("shipping_method_name"),
        tracking_id=shipping.text("tracking_number"),
        shipped_at=shipped_at,
    )


def _facts(sale: Page, invoice: Page, billed: Sequence[Page], status: str, installment: int) -> InvoiceImport:
    customer, shipping = sale.page("customer"), invoice.page("shipping")
    method, own = customer.page("pay_method"), invoice.shop.currency
    total, dollars = invoice.amount("customer_total"), invoice.amount("usd_total")
    buyers = "USD" if total == dollars else own
    facts: dict[str, Any] = {
        "order_id": invoice.number("invoice_id"),
        "change_number": invoice.whole("change_id") or invoice.number("invoice_id"),
        "installment": installment,
        "status": status,
        "fraud_status": WAIT if status == APPROVED else PASS,
        "merchant_order_id": invoice.text("vendor_order_id"),
        "language": customer.text("lang") or "en",
        "referrer": invoice.text("referrer"),
        "ip_address": sale.text("ip_address"),
        "ip_country": sale.text("ip_country"),
        "method": method.text("method") or "credit card",
        "card_first_six": method.text("first_six_digits"),
        "card_last_two": method.text("last_two_digits"),
        "avs": method.text("avs"),
        "cvv": method.text("cvv"),
        "first_name": customer.text("first_name"),
        "middle_initial": customer.text("middle_initial"),
        "last_name": customer.text("last_name"),
        "phone_ext": customer.text("phone_ext"),
        "billing_address2": customer.text("address_2"),
        "billing_country": customer.text("country_code"),
        "delivery_address2": shipping.text("address_2"),
        "delivery_country": shipping.text("country_code"),
        "customer_currency": buyers,
        "customer_total_minor": invoice.minor("customer_total", buyers),
        "usd_total_minor": invoice.minor("usd_total", "USD"),
        "fee_minor": invoice.minor("fees_2co", own),
        "authorised_at": invoice.time("date_placed"),
        "authorised_until": _first_time(billed, "date_fail"),
        "pending_at": _first_time(billed, "date_pending"),
        "deposited_at": _first_time(billed, "date_deposited"),
        "is_shippable": any(line.flag("product_tangible") for line in billed),
        "tracking_url": shipping.text("tracking_url"),
        "paid_out_at": invoice.time("date_vendor_paid"),
        "line_items": [_line_item(line) for line in billed],
    }
    return facts  # type: ignore[return-value]  # what a TypedDict cannot be told of one by one


def _first_time(billed: Sequence[Page], name: str) -> datetime | None:
    return next((at for line in billed if (at := line.page("billing").time(name)) is not None), None)


def _kind(line: Page) -> str:
    return line.text("type") or PRODUCT


def _minor(line: Page) -> int:
    minor = abs(line.minor("vendor_amount", line.shop.currency))
    return -minor if _kind(line) == COUPON else minor


def _line(line: Page) -> LineFields:
    options = {one.text("option_name"): one.text("option_value") for one in line.pages("options")}
    return LineFields(
        id=line.number("lineitem_id"),
        type=_kind(line),
        product_id=line.whole("product_id") or 0,
        code=line.text("vendor_product_id"),
        name=line.text("product_name"),
        quantity=1,
        unit_price_e4=abs(line.e4("vendor_amount") or 0),
        options=options,
    )


def _line_item(line: Page) -> LineItemImport:
    recurrence, duration = line.interval("product_recurrence"), line.interval("product_duration")
    surcharges = [
        {
            "id": one.whole("lineitem_option_id") or place,
            "name": one.text("option_name"),
            "value": one.text("option_value"),
            "surcharge_e4": one.e4("vendor_surcharge") or 0,
        }
        for place, one in enumerate(line.pages("options"), 1)
    ]
    return LineItemImport(
        order_line_id=line.number("lineitem_id"),
        vendor_product_id=line.text("vendor_product_id") or None,
        description=line.text("product_description"),
        is_catalogue=line.whole("product_id") is not None,
        is_tangible=line.flag("product_tangible"),
        is_cart=line.flag("product_is_cart"),
        price_e4=abs(line.e4("product_price") or 0),
        handling_e4=line.e4("product_handling"),
        startup_fee_e4=line.e4("product_startup_fee"),
        surcharges=surcharges,
        recurrence_unit=recurrence[0],
        recurrence_count=recurrence[1],
        duration_unit=duration[0],
        duration_count=duration[1],
        installment=line.whole("installment"),
    )


def _given_back(line: Page) -> GivenBack:
    amount_e4 = e4_of_minor(_minor(line), line.shop.currency)
    if _is_partial_refund(line):
        return GivenBack(line.whole("lineitem_id"), 0, AMOUNT, amount_e4)
    return GivenBack(
        None, line.number("lineitem_id"), SHIPPING if _kind(line) == SHIPPING else PRODUCT, amount_e4
    )


def _recurring(line: Page) -> Recurring | None:
    unit, _ = line.interval("product_recurrence")
    if unit is None:
        return None
    billing = line.page("billing")
    return Recurring(
        line.number("lineitem_id"),
        line.text("product_name"),
        STATUSES.get(billing.text("recurring_status")),
        (line.e4("vendor_amount") or 0) - (line.e4("product_startup_fee") or 0),
        line.whole("installment") or 1,
        billing.time("date_next"),
    )
