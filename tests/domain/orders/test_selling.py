"""Sales: placed with invoice and line items, reviewed, captured, shipped, remarked on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.errors import NoExchangeRate
from comptoir.domain.orders.commenting import add_comment, list_comments
from comptoir.domain.orders.errors import (
    AlreadyShipped,
    InvoiceSettled,
    NoInvoice,
    NotShippable,
    OrderNotFound,
    SaleNotFound,
)
from comptoir.domain.orders.invoicing import (
    InvoiceState,
    decline_invoice,
    extend_authorisation,
    find_invoice,
    mark_deposited,
    mark_pending,
    set_fraud_status,
)
from comptoir.domain.orders.models import LineItem
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import get_head, invoices_of_sale
from comptoir.domain.orders.selling import AUTHORISED_FOR, SaleTerms
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.tx import Tx
from tests.domain.orders.given import (
    A_BUYER,
    a_line,
    a_sale,
    a_sale_line,
    balances,
    e4,
    order_value,
)


def invoice_of(tx: Tx, order_id: int) -> InvoiceState:
    found = find_invoice(tx, order_id)
    assert found is not None
    return found


TANGIBLE = select(LineItem.is_tangible).order_by(LineItem.order_line_id)


def kinds(tx: Tx) -> list[str]:
    return [change.kind for change in tx.changes]


def test_goods_and_their_shipping_are_tangible_and_no_tax_or_coupon_is(tx: Tx) -> None:
    lines = [
        a_sale_line(kind.title(), "5", type=kind, is_tangible=True)
        for kind in ("product", "shipping", "tax", "coupon")
    ]
    a_sale(tx, lines=lines)
    assert [row[0] for row in tx.all(TANGIBLE)] == [True, True, False, False]


def test_a_sale_has_an_invoice_nine_numbers_on_and_a_line_for_each_piece(tx: Tx) -> None:
    placed = a_sale(tx)

    assert placed.order_id == placed.sale_id + 9
    assert len(placed.line_ids) == 4
    assert order_value(tx, placed.order_id, "total_e4") == e4("109")
    assert order_value(tx, placed.order_id, "delivery_e4") == e4("10")
    assert order_value(tx, placed.order_id, "discount_e4") == e4("10")
    assert order_value(tx, placed.order_id, "tax_e4") == e4("9")
    assert order_value(tx, placed.order_id, "billing_name") == "Testing  Tester"
    assert balances(tx) == {
        "receivable": 10900, "sales": 10000, "shipping_income": 1000, "discounts": 1000, "tax_payable": 900,
    }  # fmt: skip
    invoice = invoice_of(tx, placed.order_id)
    assert (invoice.status, invoice.fraud_status, invoice.is_shippable) == ("approved", "wait", True)
    assert invoice.authorised_until == tx.now + AUTHORISED_FOR
    assert tx.changes[-1].kind == "sale.placed"


def test_the_buyer_becomes_a_customer_once(tx: Tx) -> None:
    first, again = a_sale(tx), a_sale(tx, buyer=replace(A_BUYER, email="TESTING@example.com"))
    stranger = a_sale(tx, buyer=replace(A_BUYER, email="somebody.else@example.com"))

    customers = [order_value(tx, one.order_id, "customer_id") for one in (first, again, stranger)]
    assert customers[0] == customers[1] != customers[2]
    assert None not in customers


def test_a_renewal_has_books_of_its_own_and_shares_the_sale(tx: Tx) -> None:
    first = a_sale(tx)
    renewal = a_sale(
        tx, lines=[a_sale_line("Club", "20")], terms=SaleTerms(parent_id=first.order_id, installment=2)
    )

    assert renewal.sale_id == first.sale_id
    assert invoices_of_sale(tx, first.sale_id) == [first.order_id, renewal.order_id]
    assert get_head(tx, renewal.order_id).root_id == renewal.order_id
    assert balances(tx)["receivable"] == 12900
    assert order_value(tx, first.order_id, "has_children") is True


def test_other_currencies_need_a_rate_or_a_total(tx: Tx) -> None:
    with pytest.raises(NoExchangeRate):
        a_sale(tx, terms=SaleTerms(customer_currency="EUR"))
    placed = a_sale(tx, terms=SaleTerms(customer_currency="JPY", customer_total_minor=16000))
    assert invoice_of(tx, placed.order_id).status == "approved"


def test_what_cannot_be_sold_is_refused(tx: Tx) -> None:
    for terms in (SaleTerms(status="paid"), SaleTerms(fraud_status="maybe"), SaleTerms(order_id=9)):
        with pytest.raises(Invalid):
            a_sale(tx, terms=terms)
    with pytest.raises(OrderNotFound):
        a_sale(tx, terms=SaleTerms(parent_id=404))
    with pytest.raises(Invalid, match="below zero"):
        a_sale(tx, lines=[a_sale_line("Book", "5"), a_sale_line("TENOFF", "10", type="coupon")])
    with pytest.raises(Invalid, match="email"):
        a_sale(tx, buyer=replace(A_BUYER, email="nobody"))


def test_numbers_of_elsewhere_are_kept_and_not_given_again(tx: Tx) -> None:
    placed = a_sale(tx, terms=SaleTerms(sale_id=4774380224))

    assert placed.order_id == 4774380233
    assert a_sale(tx).sale_id > 4774380233


def test_an_invoice_is_captured_and_deposited_once(tx: Tx) -> None:
    placed = a_sale(tx, lines=[a_sale_line("Ebook", "20")])
    mark_pending(tx, order_id=placed.order_id)
    mark_deposited(tx, order_id=placed.order_id)

    assert invoice_of(tx, placed.order_id).deposited_at == tx.now
    assert order_value(tx, placed.order_id, "status") == "completed"
    assert kinds(tx).count("invoice.status_changed") == 2
    for verb in (mark_pending, mark_deposited, decline_invoice, extend_authorisation):
        with pytest.raises(InvoiceSettled):
            verb(tx, order_id=placed.order_id)


def test_a_failed_review_cancels_the_sale(tx: Tx) -> None:
    placed = a_sale(tx)
    set_fraud_status(tx, order_id=placed.order_id, status="pass")
    set_fraud_status(tx, order_id=placed.order_id, status="pass")
    set_fraud_status(tx, order_id=placed.order_id, status="fail")

    assert invoice_of(tx, placed.order_id).status == "declined"
    assert order_value(tx, placed.order_id, "status") == "cancelled"
    assert balances(tx) == {}
    assert kinds(tx).count("invoice.fraud_status_changed") == 2
    with pytest.raises(InvoiceSettled):
        mark_pending(tx, order_id=placed.order_id)
    with pytest.raises(Invalid):
        set_fraud_status(tx, order_id=placed.order_id, status="")


def test_a_late_verdict_cancels_the_sale_and_leaves_the_money(tx: Tx) -> None:
    placed = a_sale(tx, lines=[a_sale_line("Ebook", "20")])
    record_payment(tx, order_id=placed.order_id, amount_e4=e4("20"))
    mark_deposited(tx, order_id=placed.order_id)
    set_fraud_status(tx, order_id=placed.order_id, status="fail")

    assert invoice_of(tx, placed.order_id).status == "deposited"
    assert order_value(tx, placed.order_id, "status") == "cancelled"
    assert balances(tx)["clearing:manual"] == 2000


def test_a_declined_invoice_is_owed_by_nobody(tx: Tx) -> None:
    placed = a_sale(tx)
    decline_invoice(tx, order_id=placed.order_id)

    assert order_value(tx, placed.order_id, "status") == "declined"
    assert balances(tx) == {}


def test_an_authorisation_is_extended_by_a_week(tx: Tx) -> None:
    placed = a_sale(tx)
    extend_authorisation(tx, order_id=placed.order_id)

    assert invoice_of(tx, placed.order_id).reauthorised_at == tx.now


def test_an_order_without_an_invoice_is_not_reviewed(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("5")])
    with pytest.raises(NoInvoice):
        mark_pending(tx, order_id=order_id)


def test_a_sale_is_shipped_once(tx: Tx) -> None:
    placed = a_sale(tx)
    ship_sale(tx, order_id=placed.order_id, tracking_number="1Z", tracking_url="https://track.example/1Z")

    assert order_value(tx, placed.order_id, "status") == "shipped"
    assert order_value(tx, placed.order_id, "tracking_id") == "1Z"
    assert tx.changes[-1].after == {
        "sale_id": placed.sale_id, "ship_status": "shipped", "tracking_number": "1Z",
    }  # fmt: skip
    with pytest.raises(AlreadyShipped):
        ship_sale(tx, order_id=placed.order_id)


def test_only_what_is_sent_is_shipped(tx: Tx) -> None:
    ebook = a_sale(tx, lines=[a_sale_line("Ebook", "20")])
    cancelled = a_sale(tx)
    set_fraud_status(tx, order_id=cancelled.order_id, status="fail")
    plain = place_order(tx, lines=[a_line("5")])
    for order_id in (ebook.order_id, cancelled.order_id, plain):
        with pytest.raises(NotShippable):
            ship_sale(tx, order_id=order_id)
    parcel = place_order(tx, lines=[a_line("5")], shipping_method="Express")
    ship_sale(tx, order_id=parcel)
    assert order_value(tx, parcel, "shipped_at") == tx.now


def test_comments_are_read_newest_first(tx: Tx) -> None:
    placed = a_sale(tx)
    add_comment(tx, sale_id=placed.sale_id, text="First", ip_address="192.0.2.1")
    add_comment(tx, sale_id=placed.sale_id, text="Second", category=5)

    found = list_comments(tx, placed.sale_id)
    assert [(one.text, one.category, one.ip_address) for one in found] == [
        ("Second", 5, ""),
        ("First", None, "192.0.2.1"),
    ]
    with pytest.raises(SaleNotFound):
        add_comment(tx, sale_id=404, text="Nobody")
    with pytest.raises(Invalid):
        add_comment(tx, sale_id=placed.sale_id, text=" ")
