"""Invoices on the clock: reviewed, captured, deposited, promised again, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.money import Money
from comptoir.domain.orders.errors import NoInvoice
from comptoir.domain.orders.invoicing import set_fraud_status
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import get_head
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.payments.capturing import capture_invoice, reauthorise_invoice, release_invoice
from comptoir.domain.payments.errors import (
    AttemptInFlight,
    AuthorisationFailed,
    AuthorisationTooLate,
    AuthorisationTooSoon,
    NotCapturable,
)
from comptoir.domain.payments.following import capture_due, deposit_due, review_due
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import CAPTURE
from comptoir.domain.payments.reconciling import Reconciler
from tests.domain.orders.given import a_line, balances
from tests.domain.payments.given import (
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
    from comptoir.domain.tx import OpenShop

UNPAID = {"receivable": 10000, "sales": 10000}
PAID = {"sales": 10000}


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


@pytest.mark.parametrize("declines", [True, False])
def test_a_sale_that_is_cancelled_while_it_is_captured_still_hears_the_answer(
    shop: OpenShop, declines: bool
) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass")
    capture_due(shop, gateways(far))
    shop.write(lambda tx: set_fraud_status(tx, order_id=placed.order_id, status="fail"))
    far.declines = declines
    follow(shop, far)
    assert state(shop, placed) == ("declined", "fail")
    assert statuses(shop, placed) == ["fail" if declines else "success"]
    assert shop.read(balances).get("clearing:stripe", 0) == (0 if declines else 10000)
