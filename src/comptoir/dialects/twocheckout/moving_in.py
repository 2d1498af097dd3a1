"""Taking over sales that a vendor saved from the original platform, with all their numbers.

Each sale comes whole or not at all: its orders, invoices and line items, what was paid for them, what was
given back, what recurs, and its comments.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from comptoir.dialects.twocheckout.saved_sales import (
    GivenBack,
    Page,
    Recurring,
    SavedInvoice,
    read_sale,
)
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.orders.buyers import Buyer, customer_of
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.taking_over import CommentImport, import_comments, import_invoices
from comptoir.domain.payments.importing import PaymentImport, import_payments
from comptoir.domain.payments.models import FAIL, PENDING, SUCCESS
from comptoir.domain.refunds.importing import ItemImport, RefundImport, import_refunds
from comptoir.domain.refunds.models import SHIPPING
from comptoir.domain.subscriptions.taking_over import RecurringImport, take_over_recurring
from comptoir.domain.tx import Tx, savepoint

# Whoever took the money that came with a sale: it is not ours to give back through a gateway.
PLATFORM = "2checkout"


def take_sales(tx: Tx, documents: Iterable[Mapping[str, Any]]) -> list[ComptoirError | None]:
    """Keep saved sales; for each what is wrong with it, or None. The wrong ones are left out."""
    problems: list[ComptoirError | None] = []
    for document in documents:
        try:
            with savepoint(tx):
                take_sale(tx, document)
        except ComptoirError as problem:
            problems.append(problem)
        else:
            problems.append(None)
    return problems


def take_sale(tx: Tx, document: Mapping[str, Any]) -> int:
    """Keep one saved sale and give its id.

    Refuses: Invalid (what is missing or malformed, and all that the importing verbs of orders, payments,
    refunds and invoices refuse).
    """
    saved = list(read_sale(document, tx.shop))
    sale = document.get("sale", document)
    customer_id = customer_of(tx, _buyer(Page(sale, tx.shop)), saved[0].order["created_at"])
    for invoice in saved:
        invoice.order["customer_id"] = customer_id
    _hold(import_orders(tx, [invoice.order for invoice in saved]))
    _pay(tx, saved)
    _hold(import_invoices(tx, [invoice.invoice for invoice in saved]))
    _give_back(tx, saved)
    _go_on(tx, saved)
    _hold(import_comments(tx, _comments(sale, saved[0].order["id"], tx)))
    return saved[0].order["sale_id"]


def _buyer(sale: Page) -> Buyer:
    customer = sale.page("customer")
    return Buyer(
        name=customer.text("cardholder_name"),
        first_name=customer.text("first_name"),
        last_name=customer.text("last_name"),
        email=customer.text("email_address"),
        phone=customer.text("phone"),
        address1=customer.text("address_1"),
        address2=customer.text("address_2"),
        city=customer.text("city"),
        state=customer.text("state"),
        postcode=customer.text("postal_code"),
        country=customer.text("country_code"),
    )


def _pay(tx: Tx, saved: Sequence[SavedInvoice]) -> None:
    """What was paid, promised or refused for each invoice, as its payment transaction."""
    payments: list[PaymentImport] = []
    for one in saved:
        if not one.order["total_e4"]:
            continue
        status = SUCCESS if one.paid_at is not None and not one.is_pending else PENDING
        payment_id = tx.ids.next("payment")
        one.invoice["payment_id"] = payment_id
        payments.append(
            PaymentImport(
                id=payment_id,
                order_id=one.order["id"],
                date=one.paid_at or one.order["created_at"],
                status=FAIL if one.paid_at is None else status,
                amount_e4=one.order["total_e4"],
                gateway=PLATFORM,
            )
        )
    _hold(import_payments(tx, payments))


def _give_back(tx: Tx, saved: Sequence[SavedInvoice]) -> None:
    """One refund for each invoice of which something was given back, and the payment that paid it out."""
    payments: list[PaymentImport] = []
    refunds: list[RefundImport] = []
    for one in saved:
        items = one.given_back
        total = sum(item.amount_e4 for item in items)
        if not items:
            continue
        if total <= 0 or one.paid_at is None or one.is_pending:
            raise Invalid("lineitems", "are refunded though nothing was paid for them")
        payment_id, shipping = tx.ids.next("payment"), _shipping_e4(one)
        payments.append(
            PaymentImport(
                id=payment_id, order_id=one.order["id"], date=one.paid_at, status=SUCCESS, amount_e4=-total,
                gateway=PLATFORM,
            )
        )  # fmt: skip
        refunds.append(
            RefundImport(
                id=tx.ids.next("refund"),
                order_id=one.order["id"],
                status="success",
                created_at=one.paid_at,
                items=[_item(item) for item in items],
                items_e4=total - shipping,
                shipping_e4=shipping,
                total_e4=total,
                transaction_id=payment_id,
            )
        )
    _hold(import_payments(tx, payments))
    _hold(import_refunds(tx, refunds))


def _item(item: GivenBack) -> ItemImport:
    row = ItemImport(
        type=item.type,
        order_line_id=item.line_id,
        quantity=1 if item.line_id else 0,
        amount_e4=item.amount_e4,
    )
    if item.id is not None:
        row["id"] = item.id
    return row


def _go_on(tx: Tx, saved: Sequence[SavedInvoice]) -> None:
    """What recurs goes on where it was: the newest line of each name says how far it has come."""
    lines: dict[tuple[str, int], list[Recurring]] = {}
    for one in saved:
        seen: Counter[str] = Counter()
        for line in one.recurring:
            lines.setdefault((line.name, seen[line.name]), []).append(line)
            seen[line.name] += 1
    for *earlier, newest in lines.values():
        if newest.status is None:
            continue
        item = RecurringImport(
            order_line_id=newest.line_id,
            installments=newest.installment,
            status=newest.status,
            price_e4=newest.price_e4,
            next_billing_at=newest.next_at,
            earlier=[line.line_id for line in earlier],
        )
        take_over_recurring(tx, order_id=saved[0].order["id"], item=item)


def _shipping_e4(one: SavedInvoice) -> int:
    return sum(item.amount_e4 for item in one.given_back if item.type == SHIPPING)


def _comments(sale: Mapping[str, Any], order_id: int, tx: Tx) -> list[CommentImport]:
    """The comments, oldest first, as they are numbered."""
    rows = []
    for comment in reversed(Page(sale, tx.shop).pages("comments")):
        at = comment.time("timestamp")
        if at is None:
            raise Invalid("comments", "have no timestamp")
        rows.append(
            CommentImport(
                order_id=order_id,
                created_at=at,
                author=comment.text("username"),
                text=comment.text("comment"),
                ip_address=comment.text("changed_by_ip"),
            )
        )
    return rows


def _hold(problems: Iterable[ComptoirError | None]) -> None:
    """Refuses: the first problem."""
    for problem in problems:
        if problem is not None:
            raise problem
