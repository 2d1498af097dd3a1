"""What banks took back, what gateways were asked for, and what of an order may still be refunded."""

import pytest

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import pay_out
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.explaining.given import prove_everything, shown
from tests.domain.orders.given import TEN_PERCENT, a_line, e4
from tests.domain.payments.given import sell
from tests.domain.payouts.given import a_deposit, dispute, refund, terms
from tests.domain.refunds.given import a_paid_order


def test_a_chargeback_is_what_it_left_of_its_payment_and_stands_in_the_books(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx)
    dispute(tx, order_id, 4_000)
    found = explain(tx, "chargeback", 1)
    assert shown(found.made_of) == [
        "chargeback: 40.00", "  payment 1: 100.41", "  what this one left of it: -60.41",
    ]  # fmt: skip
    assert found.went_to is not None
    assert [part.amount for part in found.went_to.parts] == ["40.00"]
    kept = explain(tx, "order", order_id, "paid").went_to
    assert kept is not None
    (taken,) = [part for part in kept.parts if part.label == "taken back by the buyer's bank"]
    assert taken.parts[0].ask == ("chargeback", 1, "amount", 0)
    day = explain(tx, "figure", f"today.{tx.shop.currency}", "chargebacks").made_of
    assert [part.ask and part.ask.kind for part in day.parts] == ["chargeback"]
    prove_everything(tx)


def test_what_was_given_back_on_a_day_is_refunds_and_chargebacks(tx: Tx) -> None:
    order_id = a_deposit(tx)
    refund(tx, order_id, 1_000)
    dispute(tx, order_id, 4_000)
    gather_entries(tx)
    payout = explain(tx, "payout", 1, "given_back").made_of
    assert [(part.label, part.amount) for part in payout.parts] == [
        ("refund", "-10.00"),
        ("chargeback", "-40.00"),
    ]
    assert shown(explain(tx, "figure", f"today.{tx.shop.currency}", "given_back").made_of) == [
        "given back: 50.00", "  refunds: 10.00", "  chargebacks: 40.00",
    ]  # fmt: skip


def test_what_may_be_refunded_is_the_lesser_of_total_and_money(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0]
    item = {"type": "product", "order_line_id": line.id, "quantity": 1}
    process_refund(tx, refund_id=draft_refund(tx, order_id=order_id, items=[item]))  # type: ignore[list-item]
    given = explain(tx, "line", line.id, "refunded").made_of.amount
    whole = explain(tx, "order", order_id, "left").made_of
    assert shown(whole) == ["left of the total: 34.40", "  total: 45.10", f"  given back of it: -{given}"]
    assert shown(explain(tx, "line", line.id, "left").made_of) == [
        "left of the line: 21.40", "  to be paid for it: 32.10", f"  given back of it: -{given}",
    ]  # fmt: skip
    dispute(tx, order_id, 2_000)
    assert shown(explain(tx, "order", order_id, "left").made_of) == [
        "left of the money: 14.40", "  paid: 45.10", "  taken back by the buyer's bank: -20.00",
        f"  refunded: -{given}",
    ]  # fmt: skip
    assert explain(tx, "order", order_id, "charged_back").made_of.amount == "20.00"
    assert explain(tx, "order", order_id, "charges_left").made_of.amount == "5.50"
    prove_everything(tx)


def test_a_part_of_a_bundle_has_no_more_left_than_the_bundle(tx: Tx) -> None:
    bundle: LineFields = {**a_line("10"), "type": "bundle", "parts": [a_line("8")]}
    order_id = a_paid_order(tx, lines=[bundle])
    whole, part = list_lines(tx, order_id)
    item = {"type": "product", "order_line_id": whole.id, "quantity": 0, "amount_e4": e4("5")}
    process_refund(tx, refund_id=draft_refund(tx, order_id=order_id, items=[item]))  # type: ignore[list-item]
    found = explain(tx, "line", part.id, "left").made_of
    assert "no more than is left of the bundle" in [one.label for one in found.parts]
    prove_everything(tx)


def test_the_price_of_a_piece_is_told_without_the_others(tx: Tx) -> None:
    order_id = a_paid_order(tx, lines=[a_line("3.3333", 3, tax_rate_ppm=TEN_PERCENT)], discount_e4=0)
    (line,) = list_lines(tx, order_id)
    found = explain(tx, "line", line.id, "price").made_of
    assert (found.label, found.amount) == ("price of one piece", "3.3333")
    before = explain(tx, "line", line.id, "before_discount").made_of
    assert [(part.label, part.amount) for part in before.parts] == [
        ("price", "9.9999"), ("rounded to what can be paid", "0.0001"),
    ]  # fmt: skip
    with pytest.raises(NotExplained):
        explain(tx, "line", line.id, "colour")


def test_what_a_gateway_was_asked_for_is_a_payment_or_a_refund(shop: OpenShop) -> None:
    sell(shop)
    found = shop.read(lambda tx: explain(tx, "attempt", 1).made_of)
    assert [(part.label, part.amount) for part in found.parts] == [("payment 1", found.amount)]
    shop.read(prove_everything)


def test_what_would_be_paid_out_now_is_what_was_gathered_less_the_fee(tx: Tx) -> None:
    terms(tx)
    assert shown(explain(tx, "payout", 1, "payable").made_of) == [
        "would be paid out now: -20.00", "  fee for sending it: -20.00",
    ]  # fmt: skip
    assert explain(tx, "payout", 1).made_of.amount == "0.00"
    a_deposit(tx)
    gather_entries(tx)
    assert shown(explain(tx, "payout", 1, "payable").made_of) == [
        "would be paid out now: 71.42", "  gathered for it: 91.42", "  fee for sending it: -20.00",
    ]  # fmt: skip
    pay_out(tx)
    assert explain(tx, "payout", 1, "payout_fee").made_of.parts
    with pytest.raises(NotExplained):
        explain(tx, "payout", 1, "payable")
    prove_everything(tx)
