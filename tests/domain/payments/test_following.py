"""Invoices on the clock: reviewed, captured, deposited, promised again, taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events
from comptoir.domain.money import Money
from comptoir.domain.orders.errors import NoInvoice
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import get_head
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.capturing import capture_invoice, reauthorise_invoice, release_invoice
from comptoir.domain.payments.chargebacks import charge_back, take_disputes
from comptoir.domain.payments.errors import (
    AttemptInFlight,
    AuthorisationFailed,
    AuthorisationTooLate,
    AuthorisationTooSoon,
    NotCapturable,
    PaymentNotFound,
    PaymentUnsettled,
)
from comptoir.domain.payments.following import capture_due, deposit_due, review_due
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import CAPTURE
from comptoir.domain.payments.port import Dispute
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.payments.returning import part_of_charge
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.domain.refunds.queries import get_refund
from tests.domain.orders.given import a_line, balances, e4
from tests.domain.payments.given import (
    FAR,
    FarGateway,
    follow,
    gateways,
    invoice,
    kinds,
    later,
    sell,
    state,
    statuses,
)

if TYPE_CHECKING:
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.tx import OpenShop

UNPAID = {"receivable": 10000, "sales": 10000}
PAID = {"sales": 10000}


def follow(shop: OpenShop, far: FarGateway | None = None) -> None:
    """All that the worker does about invoices, once."""
    named = gateways(far or FarGateway())
    Reconciler(CONCLUDERS, patience_seconds=0).reconcile(shop, named)
    review_due(shop, named)
    capture_due(shop, named)
    deposit_due(shop)


def statuses(shop: OpenShop, placed: PlacedSale) -> list[str]:
    return [row.status for row in shop.read(lambda tx: list_payments(tx, placed.order_id))]


def state(shop: OpenShop, placed: PlacedSale) -> tuple[str, str]:
    found = invoice(shop, placed)
    return found.status, found.fraud_status


def kinds(shop: OpenShop, subject: str) -> list[str]:
    return [event.kind for event in shop.read(lambda tx: list_events(tx, subject=subject, limit=1000))]


def test_what_nobody_sends_is_captured_once_reviewed_and_deposited_a_day_later(shop: OpenShop) -> None:
    placed = sell(shop)
    assert state(shop, placed) == ("approved", "wait")
    assert shop.read(balances) == UNPAID
    follow(shop)
    assert state(shop, placed) == ("pending", "pass")
    assert statuses(shop, placed) == ["success"]
    assert shop.read(balances) == PAID | {"clearing:sandbox": 10000}
    later(shop, hours=23)
    follow(shop)
    assert state(shop, placed) == ("pending", "pass")
    later(shop, hours=24)
    follow(shop)
    follow(shop)
    assert state(shop, placed) == ("deposited", "pass")
    assert shop.read(lambda tx: get_head(tx, placed.order_id)).status == "completed"
    assert kinds(shop, "invoice").count("invoice.status_changed") == 2


def test_what_is_sent_is_captured_when_it_is(shop: OpenShop) -> None:
    placed = sell(shop, tangible=True)
    follow(shop)
    assert state(shop, placed) == ("approved", "pass")
    shop.write(lambda tx: ship_sale(tx, order_id=placed.order_id))
    follow(shop)
    assert state(shop, placed) == ("pending", "pass")


def test_a_failed_review_cancels_the_sale_and_lets_the_money_go(shop: OpenShop) -> None:
    placed = sell(shop, method="sbx-review-fails")
    follow(shop)
    assert state(shop, placed) == ("declined", "fail")
    assert statuses(shop, placed) == ["fail"]
    assert shop.read(lambda tx: get_head(tx, placed.order_id)).status == "cancelled"
    assert not any(shop.read(balances).values())


def test_a_review_may_take_a_day(shop: OpenShop) -> None:
    placed = sell(shop, method="sbx-review-delayed")
    follow(shop)
    later(shop, hours=23)
    follow(shop)
    assert state(shop, placed) == ("approved", "wait")
    later(shop, hours=24)
    follow(shop)
    assert state(shop, placed) == ("pending", "pass")


def test_a_capture_that_fails_declines_the_invoice(shop: OpenShop) -> None:
    placed = sell(shop, method="sbx-capture-fails")
    follow(shop)
    assert state(shop, placed) == ("declined", "pass")
    assert statuses(shop, placed) == ["fail"]
    assert not any(shop.read(balances).values())


def test_nothing_is_captured_before_its_review_or_after_its_end(shop: OpenShop) -> None:
    placed = sell(shop)
    with pytest.raises(NotCapturable, match="fraud review"):
        shop.write(lambda tx: capture_invoice(tx, order_id=placed.order_id))
    later(shop, days=7)
    review_due(shop, gateway_named)
    with pytest.raises(NotCapturable, match="too long ago"):
        shop.write(lambda tx: capture_invoice(tx, order_id=placed.order_id))
    assert capture_due(shop, gateway_named) == 0
    reauthorise_invoice(shop, order_id=placed.order_id)
    assert capture_due(shop, gateway_named) == 1
    with pytest.raises(NotCapturable, match="is pending"):
        shop.write(lambda tx: capture_invoice(tx, order_id=placed.order_id))


def test_an_order_without_an_invoice_is_not_captured(shop: OpenShop) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    with pytest.raises(NoInvoice):
        shop.write(lambda tx: capture_invoice(tx, order_id=order_id))
    assert capture_due(shop, gateway_named) == review_due(shop, gateway_named) == 0


# ------------------------------------------------------------------------------------- a gateway far away


def test_a_gateway_far_away_is_asked_outside_and_concluded(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far)
    review_due(shop, gateways(far))
    assert capture_due(shop, gateways(far)) == 1
    assert state(shop, placed) == ("pending", "pass")
    assert statuses(shop, placed) == ["pending"]
    assert far.moved(CAPTURE) == []
    later(shop, days=2)
    deposit_due(shop)
    assert state(shop, placed) == ("pending", "pass"), "no money has come yet"
    follow(shop, far)
    assert statuses(shop, placed) == ["success"]
    assert far.moved(CAPTURE) == [Money(10000, "AUD")]
    assert state(shop, placed) == ("deposited", "pass")


def test_a_capture_whose_answer_was_lost_is_not_asked_again(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass")
    capture_due(shop, gateways(far))
    far.silent_after = True
    follow_refused = Reconciler(CONCLUDERS, patience_seconds=0)
    with pytest.raises(Exception, match="gave no answer"):
        follow_refused.reconcile(shop, gateways(far))
    far.silent_after = False
    follow(shop, far)
    assert [verb for verb, _ in far.asked].count("capture") == 1
    assert statuses(shop, placed) == ["success"]


def test_a_far_capture_that_fails_declines_the_invoice(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass")
    far.declines = True
    capture_due(shop, gateways(far))
    follow(shop, far)
    assert state(shop, placed) == ("declined", "pass")
    assert not any(shop.read(balances).values())


def test_money_is_let_go_at_a_gateway_far_away(shop: OpenShop) -> None:
    far = FarGateway()
    far.verdict = None
    placed = sell(shop, gateway=far)
    follow(shop, far)
    assert state(shop, placed) == ("approved", "wait")
    far.verdict = "fail"
    later(shop, hours=1)
    follow(shop, far)
    follow(shop, far)
    assert state(shop, placed) == ("declined", "fail")
    assert [verb for verb, _ in far.asked] == ["authorise", "void"]
    assert not shop.write(lambda tx: release_invoice(tx, order_id=placed.order_id))


def test_what_is_just_being_captured_is_not_let_go(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass")
    capture_due(shop, gateways(far))
    assert not shop.write(lambda tx: release_invoice(tx, order_id=placed.order_id, gateways=gateways(far)))
    follow(shop, far)
    assert statuses(shop, placed) == ["success"]


# ----------------------------------------------------------------------------------------- promised again


def test_money_is_promised_again_at_most_daily_until_it_is_taken(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, tangible=True, fraud_status="pass")

    def again() -> None:
        reauthorise_invoice(shop, order_id=placed.order_id, gateways=gateways(far))

    with pytest.raises(AuthorisationTooSoon):
        again()
    later(shop, days=6)
    again()
    assert statuses(shop, placed) == ["fail", "pending"]
    until = invoice(shop, placed).authorised_until
    assert until is not None
    assert (until - shop.read(lambda tx: tx.now)).days == 7
    later(shop, days=6, hours=23)
    with pytest.raises(AuthorisationTooSoon):
        again()
    follow(shop, far)
    assert [verb for verb, _ in far.asked] == ["authorise", "authorise", "void"]
    shop.write(lambda tx: ship_sale(tx, order_id=placed.order_id))
    follow(shop, far)
    later(shop, days=9)
    with pytest.raises(AuthorisationTooLate):
        again()


def test_a_promise_that_is_refused_leaves_the_old_one(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, tangible=True, fraud_status="pass")
    before = invoice(shop, placed)
    later(shop, days=2)
    far.declines = True
    for _ in range(2):
        with pytest.raises(AuthorisationFailed):
            reauthorise_invoice(shop, order_id=placed.order_id, gateways=gateways(far))
    assert [verb for verb, _ in far.asked] == ["authorise", "authorise"], "not twice on one day"
    assert invoice(shop, placed) == before
    assert statuses(shop, placed) == ["pending", "fail"]
    far.declines = False
    later(shop, days=3)
    reauthorise_invoice(shop, order_id=placed.order_id, gateways=gateways(far))
    assert statuses(shop, placed) == ["fail", "fail", "pending"]


def test_a_new_promise_that_was_not_heard_is_found(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, tangible=True, fraud_status="pass")
    later(shop, days=2)
    far.silent_after = True
    with pytest.raises(Exception, match="gave no answer"):
        reauthorise_invoice(shop, order_id=placed.order_id, gateways=gateways(far))
    with pytest.raises(AttemptInFlight):
        reauthorise_invoice(shop, order_id=placed.order_id, gateways=gateways(far))
    far.silent_after = False
    follow(shop, far)
    assert statuses(shop, placed) == ["fail", "pending"]
    assert invoice(shop, placed).reauthorised_at is not None


# ------------------------------------------------------------------------------------------- taken back


def test_a_disputed_card_is_charged_back_after_three_days_once(shop: OpenShop) -> None:
    placed = sell(shop, method="sbx-disputed")
    follow(shop)
    sandbox = gateway_named("sandbox")
    later(shop, days=2)
    assert take_disputes(shop, sandbox) == 0
    later(shop, days=3)
    assert take_disputes(shop, sandbox) == 1
    assert take_disputes(shop, sandbox) == 0
    assert shop.read(balances) == PAID | {"chargebacks": 10000}
    assert kinds(shop, "payment").count("payment.charged_back") == 1
    assert statuses(shop, placed) == ["success"]


def test_a_payment_is_taken_back_in_parts_and_never_more(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass", customer=Money(20000, "USD"))
    capture_due(shop, gateways(far))
    follow(shop, far)
    identifier = far.done["checkout-1"][2].identifier
    far.disputed = [
        Dispute("dp_1", identifier, "fraudulent", Money(5000, "USD")),
        Dispute("dp_0", "other", ""),
    ]
    assert take_disputes(shop, far) == 1
    assert shop.read(balances)["chargebacks"] == 2500
    far.disputed.append(Dispute("dp_2", identifier, "duplicate", Money(20000, "USD")))
    assert take_disputes(shop, far) == 1
    assert shop.read(balances)["chargebacks"] == 10000
    payment_id = invoice(shop, placed).payment_id
    assert payment_id is not None
    far.disputed.append(Dispute("dp_3", identifier, "duplicate", Money(1, "USD")))
    assert take_disputes(shop, far) == 0
    with pytest.raises(Invalid, match="amount"):
        shop.write(lambda tx: charge_back(tx, payment_id=payment_id, identifier="dp_4"))


def test_only_what_came_in_can_be_taken_back(shop: OpenShop) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    waiting = shop.write(
        lambda tx: record_payment(tx, order_id=order_id, amount_e4=e4("20"), status="pending")
    )
    with pytest.raises(PaymentUnsettled):
        shop.write(lambda tx: charge_back(tx, payment_id=waiting, identifier="d"))
    with pytest.raises(PaymentNotFound):
        shop.write(lambda tx: charge_back(tx, payment_id=404, identifier="d"))
    with pytest.raises(Invalid, match="identifier"):
        shop.write(lambda tx: charge_back(tx, payment_id=waiting, identifier=" "))


# ------------------------------------------------------------------------------------------- given back


def paid_far(shop: OpenShop, customer: Money | None = None) -> tuple[PlacedSale, FarGateway]:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass", customer=customer)
    capture_due(shop, gateways(far))
    follow(shop, far)
    return placed, far


def draft(shop: OpenShop, placed: PlacedSale, amount: str) -> int:
    item = {"type": "amount", "amount_e4": e4(amount)}
    return shop.write(lambda tx: draft_refund(tx, order_id=placed.order_id, items=[item]))  # type: ignore[list-item]


def test_a_refund_through_a_gateway_far_away_is_asked_by_the_worker(shop: OpenShop) -> None:
    placed, far = paid_far(shop)
    one, two = draft(shop, placed, "30"), draft(shop, placed, "40")
    assert shop.write(lambda tx: process_refund(tx, refund_id=one)) == "draft"
    assert far.moved("refund") == []
    with pytest.raises(AttemptInFlight):
        shop.write(lambda tx: process_refund(tx, refund_id=two))
    follow(shop, far)
    assert shop.read(lambda tx: get_refund(tx, one)).status == "success"
    assert far.moved("refund") == [Money(3000, "AUD")]
    assert statuses(shop, placed) == ["success", "success"]
    shop.write(lambda tx: process_refund(tx, refund_id=two))
    follow(shop, far)
    assert far.moved("refund") == [Money(3000, "AUD"), Money(4000, "AUD")]
    assert shop.read(balances)[f"clearing:{FAR}"] == 3000


def test_a_far_refund_that_fails_may_be_asked_for_again(shop: OpenShop) -> None:
    placed, far = paid_far(shop)
    one = draft(shop, placed, "30")
    far.declines = True
    shop.write(lambda tx: process_refund(tx, refund_id=one))
    follow(shop, far)
    assert shop.read(lambda tx: get_refund(tx, one)).status == "error"
    far.declines = False
    shop.write(lambda tx: process_refund(tx, refund_id=one))
    follow(shop, far)
    assert shop.read(lambda tx: get_refund(tx, one)).status == "success"
    assert [key for _, key in far.asked if key.startswith("refund")] == [f"refund-{one}-1", f"refund-{one}-2"]


def test_a_buyer_gets_back_what_they_paid_in_their_own_currency(shop: OpenShop) -> None:
    placed, far = paid_far(shop, customer=Money(7777, "JPY"))
    for refund_id in [draft(shop, placed, amount) for amount in ("33.33", "33.33", "33.34")]:
        shop.write(partial(process_refund, refund_id=refund_id))
        follow(shop, far)
    assert [money.currency for money in far.moved("refund")] == ["JPY"] * 3
    assert sum(money.minor for money in far.moved("refund")) == 7777


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(charged=st.integers(1, 10**9), parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_the_parts_of_a_charge_are_the_whole(charged: int, parts: list[int]) -> None:
    paid = sum(parts)
    befores = [sum(parts[:place]) for place in range(len(parts))]
    returned = [
        part_of_charge(charged, paid, before, part) for before, part in zip(befores, parts, strict=True)
    ]
    assert sum(returned) == charged
    assert all(
        minor >= 0 and abs(minor * paid - charged * part) <= paid
        for minor, part in zip(returned, parts, strict=True)
    )
