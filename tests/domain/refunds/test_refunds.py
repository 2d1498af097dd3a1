"""Refunds: by line, piece, charges and whole order; never more than was paid."""

import pytest

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import LineNotFound, OrderNotFound
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.gateways import SANDBOX, gateway_named
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import (
    ItemFields,
    draft_refund,
    fail_refund,
    process_refund,
    refund_line_item,
    refund_order,
    remove_order,
)
from comptoir.domain.refunds.errors import AlreadyRefunded, NotPaid, RefundNotFound, RefundTooLarge
from comptoir.domain.refunds.queries import get_refund, list_refunds_of_order
from comptoir.domain.tx import Tx
from tests.domain.orders.given import TEN_PERCENT, a_line, balances, e4, order_value
from tests.domain.refunds.given import a_paid_order, left


def test_a_line_is_refunded_with_its_tax_and_without_its_discount(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0]
    before = balances(tx)
    refund_id = refund_line_item(tx, order_id=order_id, order_line_id=line.id, notes="broken")
    assert get_refund(tx, refund_id).total_e4 == e4("32.10")
    after = balances(tx)
    assert after["returns"] == line.amount_minor - line.discount_share_minor == 2918
    assert before["tax_payable"] - after["tax_payable"] == line.tax_minor == 292
    assert before["clearing:sandbox"] - after["clearing:sandbox"] == 3210
    payout = list_payments(tx, order_id)[-1]
    assert (payout.amount_e4, payout.gateway, get_refund(tx, refund_id).transaction_id) == (
        -e4("32.10"), SANDBOX, payout.id,
    )  # fmt: skip
    with pytest.raises(AlreadyRefunded):
        refund_line_item(tx, order_id=order_id, order_line_id=line.id)
    assert prove_books(tx) == []


def test_pieces_end_at_exactly_the_line(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0]
    amounts = [
        get_refund(tx, refund_line_item(tx, order_id=order_id, order_line_id=line.id, quantity=1)).total_e4
        for _ in range(3)
    ]
    assert amounts == [e4("10.70")] * 3
    assert left(tx, order_id)[0] == 0
    assert prove_books(tx) == []


def test_the_rest_of_an_order(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    refund_line_item(
        tx, order_id=order_id, order_line_id=list_lines(tx, order_id)[0].id, amount_e4=e4("0.01"), quantity=0
    )
    refund_order(tx, order_id=order_id)
    assert left(tx, order_id) == [0, 0, 0]
    assert balances(tx) == {
        "sales": 3700, "shipping_income": 500, "discounts": 100, "returns": 3600, "shipping_refunded": 500,
    }  # fmt: skip
    with pytest.raises(AlreadyRefunded):
        refund_order(tx, order_id=order_id)
    assert prove_books(tx) == []


def test_shipping_may_be_a_charge(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0]
    items: list[ItemFields] = [
        {"order_line_id": line.id, "quantity": 1, "amount_e4": e4("10")},
        {"type": "shipping", "amount_e4": -e4("2")},
    ]
    refund_id = draft_refund(tx, order_id=order_id, items=items)
    assert process_refund(tx, refund_id=refund_id) == "success"
    assert get_refund(tx, refund_id).total_e4 == e4("8")
    assert balances(tx)["clearing:sandbox"] == 4510 - 800
    assert prove_books(tx) == []
    with pytest.raises(Invalid):
        draft_refund(tx, order_id=order_id, items=[{"type": "shipping", "amount_e4": -e4("2")}])


def test_a_draft_moves_nothing_and_is_checked_again(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    before = balances(tx)
    line = list_lines(tx, order_id)[0]
    first, second = (
        draft_refund(tx, order_id=order_id, items=[{"order_line_id": line.id, "quantity": 2}])
        for _ in range(2)
    )
    assert balances(tx) == before
    assert process_refund(tx, refund_id=first) == "success"
    with pytest.raises(AlreadyRefunded):
        process_refund(tx, refund_id=first)
    with pytest.raises(RefundTooLarge) as refused:
        process_refund(tx, refund_id=second)
    assert (refused.value.left, refused.value.wanted) == (1, 2)
    fail_refund(tx, refund_id=second)
    assert get_refund(tx, second).status == "error"
    with pytest.raises(AlreadyRefunded):
        fail_refund(tx, refund_id=first)
    assert prove_books(tx) == []


def test_a_refund_that_continues_another_gives_more_for_the_same_pieces(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[1]
    fields: ItemFields = {"order_line_id": line.id, "quantity": 1, "amount_e4": e4("5")}
    first = draft_refund(tx, order_id=order_id, items=[fields])
    process_refund(tx, refund_id=first)
    fields["amount_e4"] = e4("1")
    with pytest.raises(RefundTooLarge):
        draft_refund(tx, order_id=order_id, items=[fields])
    again = draft_refund(tx, order_id=order_id, items=[fields], parent_id=first)
    assert process_refund(tx, refund_id=again) == "success"
    assert list_refunds_of_order(tx, order_id) == [first, again]
    assert prove_books(tx) == []


def test_a_gateway_that_will_not(tx: Tx) -> None:
    order_id = a_paid_order(tx, lines=[a_line("99.07")], delivery_e4=0, discount_e4=0)
    refund_id = refund_order(tx, order_id=order_id)
    assert get_refund(tx, refund_id).status == "error"
    assert balances(tx) == {"sales": 9907, "clearing:sandbox": 9907}
    assert process_refund(tx, refund_id=refund_id, gateway=gateway_named("manual")) == "success"
    assert balances(tx) == {
        "sales": 9907,
        "returns": 9907,
        "clearing:sandbox": 9907,
        "clearing:manual": -9907,
    }
    assert prove_books(tx) == []


def test_never_more_than_was_paid(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10"), a_line("20")])
    first, second = (line.id for line in list_lines(tx, order_id))
    with pytest.raises(NotPaid):
        refund_line_item(tx, order_id=order_id, order_line_id=first)
    record_payment(tx, order_id=order_id, amount_e4=e4("25"))
    refund_line_item(tx, order_id=order_id, order_line_id=first)
    with pytest.raises(RefundTooLarge) as refused:
        refund_line_item(tx, order_id=order_id, order_line_id=second)
    assert (refused.value.left, refused.value.wanted) == (1500, 2000)
    assert prove_books(tx) == []


def test_what_cannot_be_drafted(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0].id
    wrong: list[tuple[type[ComptoirError], list[ItemFields]]] = [
        (Invalid, []),
        (Invalid, [{"type": "gift"}]),
        (LineNotFound, [{"order_line_id": 99}]),
        (Invalid, [{"order_line_id": line, "quantity": -1}]),
        (Invalid, [{"order_line_id": line, "amount_e4": 1}]),
        (Invalid, [{"order_line_id": line, "amount_e4": -100}]),
        (RefundTooLarge, [{"order_line_id": line, "quantity": 4, "amount_e4": 100}]),
        (RefundTooLarge, [{"order_line_id": line, "amount_e4": e4("32.12")}]),
        (RefundTooLarge, [{"order_line_id": line, "quantity": 3}, {"order_line_id": line, "quantity": 1}]),
        (RefundTooLarge, [{"type": "shipping", "amount_e4": e4("5.51")}]),
    ]
    for refusal, items in wrong:
        with pytest.raises(refusal):
            draft_refund(tx, order_id=order_id, items=items)
    with pytest.raises(OrderNotFound):
        draft_refund(tx, order_id=99, items=[{"type": "shipping"}])
    with pytest.raises(RefundNotFound):
        draft_refund(tx, order_id=order_id, items=[{"type": "shipping"}], parent_id=9)


def test_the_parts_of_a_bundle_give_no_more_than_the_bundle(tx: Tx) -> None:
    parts = [a_line("22", 2), a_line("33")]
    bundle = a_line("70", 2, type="bundle", parts=parts, tax_rate_ppm=TEN_PERCENT)
    order_id = a_paid_order(tx, lines=[bundle], delivery_e4=0, discount_e4=0, tax_included=True)
    whole, cups, pot = (line.id for line in list_lines(tx, order_id))
    refund_line_item(tx, order_id=order_id, order_line_id=cups, quantity=4)
    assert left(tx, order_id) == [6000, 0, 6000, 0]
    with pytest.raises(RefundTooLarge):
        draft_refund(
            tx,
            order_id=order_id,
            items=[
                {"order_line_id": whole, "amount_e4": e4("1"), "quantity": 0},
                {"order_line_id": pot, "quantity": 2},
            ],
        )
    refund_line_item(tx, order_id=order_id, order_line_id=pot)
    assert left(tx, order_id) == [0, 0, 0, 0]
    assert "tax_payable" not in balances(tx)
    assert prove_books(tx) == []


def test_a_childs_refund_comes_from_its_parents_money(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    child, _ = split_order(tx, order_id=order_id, parts=[[line.id] for line in list_lines(tx, order_id)])
    refund_order(tx, order_id=child)
    assert order_value(tx, order_id, "refunded_minor") == 3210
    assert prove_books(tx) == []


def test_a_cancelled_order_is_refunded_to_nothing(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    update_order(tx, order_id=order_id, status="cancelled")
    refund_order(tx, order_id=order_id)
    assert "receivable" not in balances(tx)
    assert balances(tx).get("clearing:sandbox", 0) == 0
    assert prove_books(tx) == []


def test_a_removed_orders_refunds_leave_with_it(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    refund_id = refund_order(tx, order_id=order_id)
    remove_order(tx, order_id=order_id)
    with pytest.raises(RefundNotFound):
        get_refund(tx, refund_id)
    assert prove_books(tx) == []
