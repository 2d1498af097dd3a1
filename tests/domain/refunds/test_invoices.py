"""Refunds of invoices and line items: whole, in part, in any currency; what is refused, and in which order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.money import e4_of_minor, exponent_of
from comptoir.domain.orders.commenting import list_comments
from comptoir.domain.orders.errors import LineNotFound, OrderNotFound
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.selling import PlacedSale, SaleLine, SaleTerms
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.attempts import end_attempt, list_open_attempts
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.payments.port import Outcome
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import conclude_refund, draft_refund, process_refund, refund_order
from comptoir.domain.refunds.errors import (
    AlreadyRefunded,
    CategoryReserved,
    NotRefundable,
    RefundTooLarge,
    RefundTooLate,
    RefundTooSmall,
)
from comptoir.domain.refunds.invoices import Asked, draft_invoice_refund, draft_line_refund
from comptoir.domain.refunds.queries import ItemRow, get_refund, list_items
from comptoir.domain.refunds.remarks import note_refund
from comptoir.domain.refunds.standing import find_standings
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import a_line, a_sale, a_sale_line, balances, e4, order_value
from tests.engines import open_transaction

YEN = SaleTerms(customer_currency="JPY", customer_total_minor=16350, usd_total_minor=8000)


def a_paid_sale(tx: Tx, **fields: Any) -> PlacedSale:
    placed = a_sale(tx, **fields)
    record_payment(tx, order_id=placed.order_id, amount_e4=order_value(tx, placed.order_id, "total_e4"))
    return placed


def refund(tx: Tx, order_id: int, amount: str | None = None, currency: str = "vendor") -> list[ItemRow]:
    asked = None if amount is None else Asked(Decimal(amount), currency)
    refund_id = draft_invoice_refund(tx, order_id=order_id, category=5, asked=asked)
    assert process_refund(tx, refund_id=refund_id) == "success"
    return list_items(tx, refund_id)


def refund_line(tx: Tx, line_id: int) -> list[ItemRow]:
    refund_id = draft_line_refund(tx, line_id=line_id, category=5)
    process_refund(tx, refund_id=refund_id)
    return list_items(tx, refund_id)


def test_all_of_an_invoice_goes_back_line_by_line(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    items = refund(tx, placed.order_id)

    assert [(one.type, one.order_line_id, one.amount_e4) for one in items] == [
        ("product", placed.line_ids[0], e4("100")),
        ("shipping", placed.line_ids[1], e4("10")),
        ("product", placed.line_ids[2], -e4("10")),
        ("product", placed.line_ids[3], e4("9")),
    ]
    assert "tax_payable" not in balances(tx)
    assert "receivable" not in balances(tx)
    with pytest.raises(RefundTooLarge):
        refund(tx, placed.order_id)
    with pytest.raises(RefundTooLarge):
        refund_line(tx, placed.line_ids[0])


def test_what_is_left_after_an_amount_goes_back_as_an_amount(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    first, rest = refund(tx, placed.order_id, "54.50"), refund(tx, placed.order_id)

    assert [(one.type, one.order_line_id, one.amount_e4) for one in (*first, *rest)] == [
        ("amount", 0, e4("54.50")),
        ("amount", 0, e4("54.50")),
    ]
    assert not {one.id for one in (*first, *rest)} & set(placed.line_ids)
    assert not {"tax_payable", "receivable"} & set(balances(tx))


def test_an_amount_takes_its_share_of_the_tax(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    refund(tx, placed.order_id, "54.50")

    assert balances(tx)["tax_payable"] == 450


def test_amounts_are_converted_by_the_invoices_own_ratio(tx: Tx) -> None:
    placed = a_paid_sale(tx, terms=YEN)

    assert refund(tx, placed.order_id, "1500", "customer")[0].amount_e4 == e4("10")
    assert refund(tx, placed.order_id, "1.00", "usd")[0].amount_e4 == e4("1.36")
    with pytest.raises(Invalid, match="whole amount"):
        refund(tx, placed.order_id, "1.50", "customer")
    with pytest.raises(RefundTooSmall):
        refund(tx, placed.order_id, "0.00", "usd")
    with pytest.raises(RefundTooLarge):
        refund(tx, placed.order_id, "14647", "customer")
    # What is left is told as 14646 yen, and that is all of it.
    assert refund(tx, placed.order_id, "14646", "customer")[0].amount_e4 == e4("97.64")
    assert "receivable" not in balances(tx)


def test_a_line_goes_back_whole_and_once(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    lamp, ground, coupon, tax = placed.line_ids
    refund_line(tx, tax)

    with pytest.raises(AlreadyRefunded):
        refund_line(tx, tax)
    with pytest.raises(NotRefundable):
        refund_line(tx, coupon)
    assert refund_line(tx, lamp)[0].amount_e4 == e4("100")
    with pytest.raises(RefundTooLarge):
        refund_line(tx, ground)
    assert not {"tax_payable", "receivable"} & set(balances(tx))


def test_a_refund_is_no_line_to_refund(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    partial = refund(tx, placed.order_id, "1.00")[0].id
    with pytest.raises(NotRefundable):
        refund_line(tx, partial)
    with pytest.raises(LineNotFound):
        refund_line(tx, partial + 1)


def test_what_was_not_paid_is_not_given_back(tx: Tx) -> None:
    placed = a_sale(tx)
    with pytest.raises(RefundTooLarge):
        refund(tx, placed.order_id)
    with pytest.raises(RefundTooLarge):
        refund_line(tx, placed.line_ids[0])
    record_payment(tx, order_id=placed.order_id, amount_e4=e4("40"))
    assert refund(tx, placed.order_id)[0].amount_e4 == e4("40")


def test_what_the_bank_took_back_is_not_given_back_again(tx: Tx) -> None:
    placed = a_sale(tx)
    payment_id = record_payment(tx, order_id=placed.order_id, amount_e4=e4("109"), gateway="sandbox")
    charge_back(tx, payment_id=payment_id, identifier="dp_1", amount_minor=10000)

    with pytest.raises(RefundTooLarge):
        refund(tx, placed.order_id, "9.01")
    with pytest.raises(RefundTooLarge):
        refund_line(tx, placed.line_ids[0])
    assert refund(tx, placed.order_id)[0].amount_e4 == e4("9")
    renewal = a_paid_sale(tx, terms=SaleTerms(parent_id=placed.order_id, installment=2))
    assert refund_line(tx, renewal.line_ids[0])[0].amount_e4 == e4("100")


@pytest.mark.parametrize(("days", "refusals"), [(180, 0), (181, 2)], ids=["in the last hour", "a day later"])
def test_refunds_close_after_half_a_year(tx: Tx, days: int, refusals: int) -> None:
    placed = a_paid_sale(tx, terms=SaleTerms(placed_at=tx.now - timedelta(days=days)))
    verbs: list[Callable[[], object]] = [
        lambda: refund_line(tx, placed.line_ids[1]),
        lambda: refund(tx, placed.order_id),
    ]
    refused = 0
    for verb in verbs:
        try:
            verb()
        except RefundTooLate:
            refused += 1
    assert refused == refusals


def test_what_is_wrong_first_is_said_first(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    for category, refusal in ((0, Invalid), (18, Invalid), (7, CategoryReserved)):
        with pytest.raises(refusal):
            draft_invoice_refund(tx, order_id=placed.order_id, category=category)
        with pytest.raises(refusal):
            draft_line_refund(tx, line_id=placed.line_ids[2], category=category)
    with pytest.raises(OrderNotFound):
        draft_invoice_refund(tx, order_id=404, category=7)
    with pytest.raises(LineNotFound):
        draft_line_refund(tx, line_id=404, category=7)


def test_one_of_many_at_the_same_time_refunds_an_invoice(shop: OpenShop) -> None:
    placed = shop.write(a_paid_sale)

    def attempt(_: int) -> bool:
        try:
            shop.write(lambda tx: refund(tx, placed.order_id, "60.00"))
        except RefundTooLarge:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_a_refund_is_remarked_on(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    for comment, of_sale in (("Sorry", False), ("Again", True)):
        refund_id = draft_line_refund(tx, line_id=placed.line_ids[0], category=5, comment=comment)
        note_refund(tx, refund_id=refund_id, order_id=placed.order_id, of_sale=of_sale)

    texts = [one.text for one in list_comments(tx, placed.sale_id)]
    assert texts == ["Refund Issued On Sale: Again", "Refund Issued On Invoice: Sorry"]


def test_a_refund_far_away_is_remarked_on_when_it_has_come_about(tx: Tx) -> None:
    placed = a_sale(tx)
    record_payment(tx, order_id=placed.order_id, amount_e4=e4("109"), gateway="stripe", identifier="ch_1")
    for status, texts in (("fail", []), ("success", ["Refund Issued On Invoice: Sorry"])):
        refund_id = draft_invoice_refund(tx, order_id=placed.order_id, category=5, comment="Sorry")
        assert process_refund(tx, refund_id=refund_id) == "draft"
        with pytest.raises(AttemptInFlight):
            refund_line(tx, placed.line_ids[0])
        (attempt,) = list_open_attempts(tx)
        conclude_refund(tx, end_attempt(tx, attempt.id, Outcome(status, "re_1", {})))
        assert [one.text for one in list_comments(tx, placed.sale_id)] == texts
    assert "receivable" not in balances(tx)


def test_charges_of_an_itemised_order_are_its_shipping_lines(tx: Tx) -> None:
    lines = [
        a_sale_line("Lamp", "20"),
        a_sale_line("Box", "3", type="shipping"),
        a_sale_line("Van", "4", type="shipping"),
    ]
    placed = a_paid_sale(tx, lines=lines)
    refund_id = draft_refund(tx, order_id=placed.order_id, items=[{"type": "shipping", "amount_e4": e4("5")}])
    process_refund(tx, refund_id=refund_id)

    found = [(one.type, one.order_line_id, one.amount_e4) for one in list_items(tx, refund_id)]
    assert found == [("shipping", placed.line_ids[1], e4("3")), ("shipping", placed.line_ids[2], e4("2"))]
    with pytest.raises(RefundTooLarge):
        draft_refund(tx, order_id=placed.order_id, items=[{"type": "shipping", "amount_e4": e4("2.01")}])
    rest = draft_refund(tx, order_id=placed.order_id, items=[{"type": "shipping"}])
    process_refund(tx, refund_id=rest)
    assert get_refund(tx, rest).total_e4 == e4("2")
    with pytest.raises(AlreadyRefunded):
        draft_refund(tx, order_id=placed.order_id, items=[{"type": "shipping"}])


def test_coupons_are_taken_back_whole_or_in_part_but_never_more(tx: Tx) -> None:
    placed = a_paid_sale(tx)
    lamp, _, coupon, _ = placed.line_ids
    with pytest.raises(RefundTooLarge):
        draft_refund(
            tx,
            order_id=placed.order_id,
            items=[{"order_line_id": lamp}, {"order_line_id": coupon, "amount_e4": -e4("11")}],
        )
    for wrong in ("0", "5"):
        with pytest.raises(Invalid):
            draft_refund(
                tx, order_id=placed.order_id, items=[{"order_line_id": coupon, "amount_e4": e4(wrong)}]
            )
    with pytest.raises(Invalid, match="total"):
        draft_refund(tx, order_id=placed.order_id, items=[{"order_line_id": coupon}])
    both = draft_refund(
        tx, order_id=placed.order_id, items=[{"order_line_id": lamp}, {"order_line_id": coupon}]
    )
    process_refund(tx, refund_id=both)
    assert get_refund(tx, both).total_e4 == e4("90")
    with pytest.raises(AlreadyRefunded):
        draft_refund(tx, order_id=placed.order_id, items=[{"order_line_id": coupon}])


def test_a_split_sale_leaves_its_charges_with_the_parent(tx: Tx) -> None:
    lines = [a_sale_line("Lamp", "20"), a_sale_line("Book", "5"), a_sale_line("Van", "4", type="shipping")]
    placed = a_paid_sale(tx, lines=lines)
    lamp, book, _ = placed.line_ids
    children = split_order(tx, order_id=placed.order_id, parts=[[lamp], [book]])

    assert [order_value(tx, child, "total_e4") for child in children] == [e4("20"), e4("5")]
    copied = list_lines(tx, children[0])[0].id
    with pytest.raises(LineNotFound):
        refund_line(tx, copied)
    refund_order(tx, order_id=children[0])
    assert refund(tx, placed.order_id)[0].amount_e4 == e4("9")
    assert prove_books(tx) == []


def test_more_tax_than_money_goes_back_with_the_last_of_it(tx: Tx) -> None:
    """What the coupons took off was more than what was not tax."""
    lines = [
        a_sale_line("Pin", "2"),
        a_sale_line("Tax", "3", type="tax"),
        a_sale_line("FOUROFF", "4", type="coupon"),
    ]
    whole, parts = a_paid_sale(tx, lines=lines), a_paid_sale(tx, lines=lines)
    refund(tx, whole.order_id, "1.00")
    for _ in range(4):
        refund(tx, parts.order_id, "0.25")
    assert not {"tax_payable", "receivable"} & set(balances(tx))
    assert prove_books(tx) == []


KINDS = st.sampled_from(["product", "shipping", "tax", "coupon"])
CARTS = st.lists(st.tuples(KINDS, st.integers(1, 10**5)), max_size=4)
STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["vendor", "customer", "usd"]), st.integers(1, 10**5)),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cart=CARTS,
    first=st.integers(1, 10**6),
    totals=st.tuples(st.integers(1, 10**7), st.integers(1, 10**6)),
    steps=STEPS,
)
def test_any_sequence_ends_at_no_money_and_no_tax(
    shop: OpenShop,
    cart: list[tuple[str, int]],
    first: int,
    totals: tuple[int, int],
    steps: list[tuple[int, str, int]],
) -> None:
    cents = [("product", first), *cart]
    lines = [SaleLine(name=kind, type=kind, amount_e4=minor * 100) for kind, minor in cents]
    terms = SaleTerms(customer_currency="JPY", customer_total_minor=totals[0], usd_total_minor=totals[1])
    with open_transaction(shop) as tx:
        try:
            placed = a_paid_sale(tx, lines=lines, terms=terms)
        except ComptoirError:
            assert sum(-minor if kind == "coupon" else minor for kind, minor in cents) <= 0
            return
        for which, currency, minor in steps:
            with suppress(ComptoirError):
                if which < len(placed.line_ids):
                    refund_line(tx, placed.line_ids[which])
                else:
                    code = {"vendor": "AUD", "customer": "JPY", "usd": "USD"}[currency]
                    amount = str(Decimal(minor).scaleb(-exponent_of(code)))
                    refund(tx, placed.order_id, amount, currency)
            standing = find_standings(tx, [placed.order_id])[placed.order_id]
            assert standing.tax_left_minor >= 0
            if standing.purse.refunded_minor:
                assert standing.tax_left_minor <= standing.balance_minor
            assert prove_books(tx) == []
        with suppress(RefundTooLarge):
            refund(tx, placed.order_id)
        assert not {"receivable", "clearing:manual", "tax_payable"} & set(balances(tx))
        assert prove_books(tx) == []


def test_an_order_without_an_invoice_takes_amounts_too(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10", 2)])
    record_payment(tx, order_id=order_id, amount_e4=e4("20"))
    amount = draft_refund(tx, order_id=order_id, items=[{"type": "amount", "amount_e4": e4("15")}])
    process_refund(tx, refund_id=amount)
    line_id = list_lines(tx, order_id)[0].id
    with pytest.raises(RefundTooLarge):
        draft_refund(tx, order_id=order_id, items=[{"order_line_id": line_id, "quantity": 1}])
    for wrong in ({"type": "amount"}, {"type": "amount", "amount_e4": e4_of_minor(-5, "AUD")}):
        with pytest.raises(Invalid):
            draft_refund(tx, order_id=order_id, items=[wrong])  # type: ignore[list-item]
    refund_order(tx, order_id=order_id)
    assert order_value(tx, order_id, "refunded_minor") == 2000
