"""INS messages of what recurs: each installment, each refusal, the end of it (reference 6.6 and 7.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comptoir.domain.orders.invoicing import set_fraud_status
from comptoir.domain.orders.selling import Every, PlacedSale, SaleTerms
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.subscriptions.recurring import restart_recurring, start_recurring, stop_recurring
from comptoir.domain.subscriptions.renewing import renew
from tests.dialects.twocheckout.test_ins import ITEM, kinds, told
from tests.domain.orders.given import a_sale, a_sale_line, order_value
from tests.domain.subscriptions.given import at

if TYPE_CHECKING:
    from comptoir.dialects.twocheckout.ins import Message
    from comptoir.domain.tx import Tx


def a_club(tx: Tx, amount: str = "12", *, days: int = 70, **fields: Any) -> tuple[PlacedSale, int]:
    """A sale that began some days ago, and the enrolment that bills it by the month."""
    line = a_sale_line("Club", amount, vendor_product_id="club", recurrence=Every(1, "month"), **fields)
    terms = SaleTerms(placed_at=tx.now - timedelta(days=days), fraud_status="")
    placed = a_sale(tx, lines=[line], terms=terms)
    total_e4 = order_value(tx, placed.order_id, "total_e4")
    record_payment(tx, order_id=placed.order_id, amount_e4=total_e4, gateway="sandbox")
    enrolment_id = start_recurring(tx, order_line_id=placed.line_ids[0], gateway="sandbox")
    tx.changes.clear()
    return placed, enrolment_id


def recurring(message: Message) -> list[str]:
    """What is told of how the only item recurs."""
    return [message[2][f"{name}_1"] for name in ITEM[6:]]


def test_each_installment_is_told_on_its_own_invoice(tx: Tx) -> None:
    placed, enrolment_id = a_club(tx)
    renew(tx, enrolment_id=enrolment_id)
    messages = [one for one in told(tx) if one[0].startswith("RECURRING")]

    assert kinds(messages) == ["RECURRING_INSTALLMENT_SUCCESS"]
    (message,) = messages
    assert message[1] == placed.sale_id
    assert message[2]["invoice_id"] != str(placed.order_id)
    assert (message[2]["item_count"], message[2]["key_count"], message[2]["recurring"]) == ("1", "50", "1")
    assert recurring(message) == ["Forever", "1 Month", "12.00", "live", "2026-02-21", "2"]


def test_an_installment_is_no_new_order(tx: Tx) -> None:
    _, enrolment_id = a_club(tx)
    renew(tx, enrolment_id=enrolment_id)
    assert "ORDER_CREATED" not in kinds(told(tx))


def test_a_refused_installment_is_told_with_the_last_good_invoice(tx: Tx) -> None:
    placed, enrolment_id = a_club(tx, "99.02")
    renew(tx, enrolment_id=enrolment_id)
    (message,) = told(tx)

    assert message[0] == "RECURRING_INSTALLMENT_FAILED"
    assert message[2]["invoice_id"] == str(placed.order_id)
    assert recurring(message)[3:] == ["live", "2026-01-21", "1"]


def test_the_last_refusal_says_that_it_was_given_up(tx: Tx) -> None:
    _, enrolment_id = a_club(tx, "99.02")
    began = tx.now
    for days in (0, 1, 4, 9, 16):
        with at(tx, began + timedelta(days=days)):
            renew(tx, enrolment_id=enrolment_id)
    messages = told(tx)

    assert kinds(messages) == ["RECURRING_INSTALLMENT_FAILED"] * 5
    assert [recurring(one)[3] for one in messages] == [*["live"] * 4, "canceled"]
    assert recurring(messages[-1])[4:] == ["", "1"]


def test_the_last_installment_is_told_twice(tx: Tx) -> None:
    _, enrolment_id = a_club(tx, duration=Every(2, "month"))
    renew(tx, enrolment_id=enrolment_id)
    messages = [one for one in told(tx) if one[0].startswith("RECURRING")]

    assert kinds(messages) == ["RECURRING_INSTALLMENT_SUCCESS", "RECURRING_COMPLETE"]
    assert [recurring(one)[3] for one in messages] == ["live", "completed"]
    assert recurring(messages[1])[4:] == ["", "2"]


def test_what_was_stopped_may_begin_again(tx: Tx) -> None:
    placed, _ = a_club(tx, days=3)
    stop_recurring(tx, order_line_id=placed.line_ids[0])
    restart_recurring(tx, order_line_id=placed.line_ids[0])
    messages = told(tx)

    assert kinds(messages) == ["RECURRING_STOPPED", "RECURRING_RESTARTED"]
    assert [recurring(one)[3:] for one in messages] == [["canceled", "", "1"], ["live", "2026-03-26", "1"]]


def test_a_sale_without_a_review_says_so(tx: Tx) -> None:
    placed, _ = a_club(tx, days=3)
    set_fraud_status(tx, order_id=placed.order_id, status="wait")
    ((_, _, message),) = told(tx)
    assert message["fraud_status"] == "wait"
