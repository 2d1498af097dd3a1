"""Sales as they are told: of checkouts and of other orders, in their currencies, with what became of them."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from comptoir.domain.merchant.offers import set_rate
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import OrderNotFound, SaleNotFound
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.selling import SaleTerms
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.orders.worth import Amount
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.refunds.actions import refund_line_item, refund_order, remove_order
from comptoir.domain.sales.facts import get_invoice, get_sale, summaries_of
from comptoir.domain.sales.listing import Wanted, list_sales
from comptoir.domain.tx import Tx
from tests.domain.orders.given import a_line, a_sale, a_sale_line, e4


def listed(tx: Tx, **wanted: Any) -> list[int]:
    page = list_sales(
        tx,
        Wanted(**wanted),
        order="sale_id",
        is_descending=False,
        limit=10,
        start=0,
    )
    assert page.total == len(page.order_ids)
    return page.order_ids


def test_an_order_of_another_currency_is_told_by_the_rates_of_its_day(tx: Tx) -> None:
    day = tx.now.date()
    for currency, since, rate in (
        ("EUR", day - timedelta(days=30), 60_000_000),
        ("EUR", day, 50_000_000),
        ("USD", day, 70_000_000),
    ):
        set_rate(tx, currency=currency, since=since, rate_e8=rate)
    old = place_order(tx, lines=[a_line("30")], currency="EUR", created_at=tx.now - timedelta(days=2))
    new = place_order(tx, lines=[a_line("30")], currency="EUR")

    for order_id, vendors in ((old, 5000), (new, 6000)):
        worth = get_invoice(tx, order_id)[1].worth
        assert (worth.vendor.currency, worth.customer.currency, worth.usd.currency) == ("AUD", "EUR", "USD")
        assert (worth.vendor.of(3000), worth.customer.of(3000)) == (vendors, 3000)
    assert get_invoice(tx, new)[1].worth.usd.of(3000) == 4200


def test_orders_with_and_without_an_invoice_stand_in_the_order_of_their_dollars(tx: Tx) -> None:
    set_rate(tx, currency="USD", since=tx.now.date(), rate_e8=70_000_000)
    sold = a_sale(tx, lines=[a_sale_line("Lamp", "60")]).order_id
    less, more = (place_order(tx, lines=[a_line(price)]) for price in ("50", "70"))
    wanted = Wanted()
    for is_descending, expected in ((False, [less, sold, more]), (True, [more, sold, less])):
        page = list_sales(tx, wanted, order="usd_total", is_descending=is_descending, limit=10, start=0)
        assert page.order_ids == expected


def test_without_a_rate_an_order_is_told_as_it_is(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("30")], currency="JPY")
    worth = get_invoice(tx, order_id)[1].worth
    assert worth.vendor.of(30) == worth.customer.of(30) == worth.usd.of(30) == 30


def test_a_sale_of_nothing_has_no_ratio_and_goes_by_the_rates(tx: Tx) -> None:
    lines = [a_sale_line("Lamp", "10"), a_sale_line("FREE", "10", type="coupon")]
    set_rate(tx, currency="JPY", since=tx.now.date(), rate_e8=9_000_000_000)
    placed = a_sale(tx, lines=lines, terms=SaleTerms(customer_currency="JPY"))
    _, invoice = get_invoice(tx, placed.order_id)

    assert invoice.worth.customer.of(1000) == 900
    assert [line.amount_minor for line in invoice.lines] == [1000, -1000]


def test_amounts_are_rounded_half_up_there_and_back() -> None:
    amount = Amount("JPY", Fraction(3, 2))
    assert [amount.of(minor) for minor in (1, 3, -1)] == [2, 5, -2]
    assert [amount.back(minor) for minor in (1, 2, 5)] == [1, 1, 3]


def test_the_state_of_an_order_that_no_checkout_sold(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10"), a_line("20")])
    assert get_invoice(tx, order_id)[1].status == "approved"
    record_payment(tx, order_id=order_id, amount_e4=e4("10"))
    assert get_invoice(tx, order_id)[1].status == "approved"
    at = tx.now - timedelta(days=1)
    record_payment(tx, order_id=order_id, amount_e4=e4("20"), at=at)
    _, invoice = get_invoice(tx, order_id)
    assert (invoice.status, invoice.fraud_status, invoice.deposited_at) == ("deposited", "pass", tx.now)
    refund_line_item(tx, order_id=order_id, order_line_id=list_lines(tx, order_id)[0].id)
    assert [line.is_refunded for line in get_invoice(tx, order_id)[1].lines] == [True, False]
    cancelled = place_order(tx, lines=[a_line("10")])
    update_order(tx, order_id=cancelled, status="cancelled")
    assert get_invoice(tx, cancelled)[1].status == "declined"


def test_tax_on_top_is_part_of_a_line(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10", 2, tax_rate_ppm=100_000)], tax_included=False)
    assert [line.amount_minor for line in get_invoice(tx, order_id)[1].lines] == [2200]


def test_parts_of_a_split_order_are_no_invoices(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10"), a_line("20")])
    children = split_order(tx, order_id=order_id, parts=[[line.id] for line in list_lines(tx, order_id)])

    assert [one.order.id for one in get_sale(tx, order_id).invoices] == [order_id]
    for child in children:
        with pytest.raises(OrderNotFound):
            get_invoice(tx, child)
    assert listed(tx) == [order_id]


def test_what_a_part_of_a_split_order_gave_back_is_told_of_the_whole(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10"), a_line("20")])
    record_payment(tx, order_id=order_id, amount_e4=e4("30"))
    children = split_order(tx, order_id=order_id, parts=[[line.id] for line in list_lines(tx, order_id)])
    refund_order(tx, order_id=children[1])

    invoice = get_invoice(tx, order_id)[1]
    assert [part.amount_minor for part in invoice.parts] == [2000]
    assert not any(line.is_refunded for line in invoice.lines)
    assert listed(tx, is_refunded=True) == [order_id]


def test_what_was_removed_is_not_told(tx: Tx) -> None:
    placed = a_sale(tx)
    renewal = a_sale(
        tx, lines=[a_sale_line("Club", "5")], terms=SaleTerms(parent_id=placed.order_id, installment=2)
    )
    remove_order(tx, order_id=renewal.order_id)
    assert [one.order.id for one in get_sale(tx, placed.sale_id).invoices] == [placed.order_id]
    remove_order(tx, order_id=placed.order_id)
    with pytest.raises(SaleNotFound):
        get_sale(tx, placed.sale_id)
    assert listed(tx) == []


def test_what_a_later_installment_says_counts_for_its_sale(tx: Tx) -> None:
    placed, other = a_sale(tx), a_sale(tx)
    terms = SaleTerms(parent_id=placed.order_id, installment=2, card_first_six="411111", card_last_two="11")
    line = a_sale_line("Club", "5", vendor_product_id="Club-7")
    renewal = a_sale(tx, lines=[line], terms=terms)
    record_payment(tx, order_id=renewal.order_id, amount_e4=e4_of_minor(500, "AUD"))
    refund_line_item(tx, order_id=renewal.order_id, order_line_id=renewal.line_ids[0])

    wants: list[dict[str, Any]] = [
        {"invoice_id": renewal.order_id},
        {"card_first_six": "411111"},
        {"card_last_two": "11"},
        {"vendor_product_id": "lub-7"},
        {"is_refunded": True},
    ]
    for wanted in wants:
        assert listed(tx, **wanted) == [placed.order_id]
    assert listed(tx) == [placed.order_id, other.order_id]
    assert [one.is_recurring for one in summaries_of(tx, [other.order_id, placed.order_id])] == [False, False]


def test_days_are_from_and_until(tx: Tx) -> None:
    placed = a_sale(tx, terms=SaleTerms(placed_at=tx.now))
    assert listed(tx, begin=tx.now, end=tx.now + timedelta(microseconds=1)) == [placed.order_id]
    assert listed(tx, end=tx.now) == []
    assert listed(tx, begin=tx.now + timedelta(microseconds=1)) == []
