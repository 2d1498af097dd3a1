"""Refunds of invoices and of line items (reference 4.3 and 4.4)."""

from decimal import Decimal

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import writing
from comptoir.dialects.twocheckout.parameters import ParameterMissing, Parameters, asked_of
from comptoir.dialects.twocheckout.refusals import Refusal, Refusals, Said, saying
from comptoir.dialects.twocheckout.replies import failed, ok
from comptoir.dialects.twocheckout.sales import COMMENT_MAX, comment_asked, sale_of
from comptoir.dialects.twocheckout.shapes import ASKED_ID, ASKED_MONEY, given, needed
from comptoir.domain.money import exponent_of
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.queries import find_worth, get_head, invoices_of_sale, order_of_line
from comptoir.domain.orders.worth import CUSTOMER, DOLLARS, VENDOR
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.refunds.actions import process_refund
from comptoir.domain.refunds.errors import (
    AlreadyRefunded,
    CategoryReserved,
    NotPaid,
    NotRefundable,
    RefundTooLarge,
    RefundTooLate,
    RefundTooSmall,
)
from comptoir.domain.refunds.invoices import (
    CATEGORIES,
    Asked,
    draft_invoice_refund,
    draft_line_refund,
)
from comptoir.domain.refunds.models import ERROR, SUCCESS
from comptoir.domain.refunds.remarks import note_refund
from comptoir.domain.tx import Tx

PLACES_MAX = 4
CURRENCIES = (DOLLARS, VENDOR, CUSTOMER)
AMBIGUOUS = Refusal(
    "AMBIGUOUS", "Ambiguous request. Multiple invoices on sale. invoice_id parameter required."
)
RESERVED = Refusal("FORBIDDEN", "Permission denied to set refund category to 7.")
IN_FLIGHT = Refusal("FAILED", "Another refund is being processed.")
NOT_GIVEN = Refusal("FAILED", "Failed to refund payment.")
# What was refunded altogether has no balance left; clients know the words for that (reference 12, decision 8).
INVOICE_WORDS: Refusals = {
    CategoryReserved: RESERVED,
    RefundTooSmall: Refusal("TOO_LOW", "Amount must be at least 0.01."),
    RefundTooLarge: Refusal("TOO_HIGH", "Amount greater than remaining balance on invoice."),
    NotPaid: Refusal("TOO_HIGH", "Amount greater than remaining balance on invoice."),
    RefundTooLate: Refusal("TOO_LATE", "Invoice too old to refund."),
    AttemptInFlight: IN_FLIGHT,
}
LINE_WORDS: Refusals = {
    CategoryReserved: RESERVED,
    NotRefundable: Refusal("INVALID_PARAMETER", "This lineitem cannot be refunded."),
    RefundTooLarge: Refusal("TOO_HIGH", "Lineitem amount greater than remaining balance on invoice."),
    NotPaid: Refusal("TOO_HIGH", "Lineitem amount greater than remaining balance on invoice."),
    AlreadyRefunded: Refusal("NOTHING_TO_DO", "Lineitem was already refunded."),
    RefundTooLate: Refusal("TOO_LATE", "Invoice too old to refund lineitem."),
    AttemptInFlight: IN_FLIGHT,
}


def refund_invoice(call: Call) -> Reply:
    """Refund an invoice: an amount, or all that is left of it."""
    asked, tx = asked_of(call), call.tx
    currency = ("currency",) if asked.has("amount") else ()
    _demand_sale_or_invoice(asked, "comment", "category", *currency)
    sale_id, invoice_id = asked.id("sale_id"), asked.id("invoice_id")
    comment, category = comment_asked(asked, "comment"), _category(asked)
    told_in = _currency(asked)
    order_id = invoice_meant(tx, sale_id, invoice_id)
    amount = None if told_in is None else _amount(tx, asked, order_id, told_in)
    with saying(INVOICE_WORDS):
        refund_id = draft_invoice_refund(
            tx, order_id=order_id, category=category, comment=comment, asked=amount
        )
        of_sale = invoice_id is None
        return _process(call, refund_id, order_id, of_sale=of_sale, message="refund added to invoice")


def refund_lineitem(call: Call) -> Reply:
    """Refund all that is left of a line item."""
    asked, tx = asked_of(call), call.tx
    asked.demand("lineitem_id", "comment", "category")
    line_id = asked.need_id("lineitem_id")
    comment, category = comment_asked(asked, "comment"), _category(asked)
    with saying(LINE_WORDS):
        refund_id = draft_line_refund(tx, line_id=line_id, category=category, comment=comment)
        order_id = order_of_line(tx, line_id).id
        return _process(call, refund_id, order_id, of_sale=False, message="lineitem refunded")


def _process(call: Call, refund_id: int, order_id: int, *, of_sale: bool, message: str) -> Reply:
    """Give the money back. That the gateway would not is kept, and said; one far away is asked later."""
    status = process_refund(call.tx, refund_id=refund_id)
    if status == ERROR:
        return failed(NOT_GIVEN)
    if status == SUCCESS:
        address = call.request.address
        note_refund(call.tx, refund_id=refund_id, order_id=order_id, of_sale=of_sale, ip_address=address)
    return ok(message)


def invoice_meant(tx: Tx, sale_id: int | None, invoice_id: int | None) -> int:
    """The invoice that is named, or the only one of the sale (reference 4.3).

    With both named the invoice counts: some clients send a sale that is no longer meant (reference 10.4).
    Refuses: OrderNotFound, SaleNotFound, and says which of several invoices is not told.
    """
    if invoice_id is not None:
        head = get_head(tx, invoice_id)
        if head.root_id != head.id:
            raise OrderNotFound(invoice_id)
        return head.id
    assert sale_id is not None, "one of the two was asked for"
    found = invoices_of_sale(tx, sale_of(tx, sale_id))
    if len(found) > 1:
        raise Said(AMBIGUOUS)
    return found[0]


def _demand_sale_or_invoice(asked: Parameters, *others: str) -> None:
    """Refuses: ParameterMissing."""
    missing = [name for name in others if not (asked.text(name) or "").strip()]
    if not asked.has("sale_id") and not asked.has("invoice_id"):
        missing.insert(0, "sale_id")
    if missing:
        raise ParameterMissing(*missing)


def _category(asked: Parameters) -> int:
    category = asked.whole("category", least=1, most=len(CATEGORIES))
    if category is None:
        raise ParameterMissing("category")
    return category


def _currency(asked: Parameters) -> str | None:
    """In which currency an amount is given, if one is. Refuses: ParameterMissing, ParameterInvalid (currency)."""
    if asked.money("amount", places=PLACES_MAX) is None:
        return None
    currency = asked.choice("currency", CURRENCIES)
    if currency is None:
        raise ParameterMissing("currency")
    return currency


def _amount(tx: Tx, asked: Parameters, order_id: int, currency: str) -> Asked:
    """The amount, with no more decimals than its currency has. Refuses: ParameterInvalid, and too small."""
    code = find_worth(tx, order_id).named(currency).currency
    if (asked.money("amount", places=PLACES_MAX) or 0) < Decimal(1).scaleb(-exponent_of(code)):
        raise Said(INVOICE_WORDS[RefundTooSmall])
    amount = asked.money("amount", places=exponent_of(code))
    assert amount is not None, "it was there a moment ago"
    return Asked(amount, currency)


REASON = {"type": "integer", "minimum": 1, "maximum": len(CATEGORIES)}
REASONS = "Why: " + ", ".join(f"{key} {text}" for key, text in CATEGORIES.items()) + "."
WHY = (
    needed(
        "comment", {"type": "string", "minLength": 1, "maxLength": COMMENT_MAX}, "What to say; no markup."
    ),
    needed("category", REASON, REASONS),
)
CALLS = (
    writing(
        "sales/refund_invoice", refund_invoice,
        takes=(
            given("sale_id", ASKED_ID, "The sale, unless the invoice is given; it must have one invoice only."),
            given("invoice_id", ASKED_ID, "The invoice."),
            given("amount", ASKED_MONEY, "How much; all that is left unless given."),
            given("currency", {"type": "string", "enum": list(CURRENCIES)}, "In which currency the amount is."),
            *WHY,
        ),
        text="Refund an invoice",
    ),
    writing(
        "sales/refund_lineitem", refund_lineitem,
        takes=(needed("lineitem_id", ASKED_ID, "The line item."), *WHY),
        text="Refund a line item",
    ),
)  # fmt: skip
