"""Money taken back by buyers' banks, and given back through gateways far away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.chargebacks import charge_back, take_disputes
from comptoir.domain.payments.errors import (
    AttemptInFlight,
    PaymentNotFound,
    PaymentUnsettled,
)
from comptoir.domain.payments.following import capture_due
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.payments.port import Dispute
from comptoir.domain.payments.returning import part_of_charge
from comptoir.domain.proof import prove_books
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
    statuses,
)

if TYPE_CHECKING:
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.tx import OpenShop, Tx

PAID = {"sales": 10000}


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


def test_a_disputed_card_takes_no_more_than_was_not_given_back(shop: OpenShop) -> None:
    half, whole = (sell(shop, key=key, method="sbx-disputed") for key in ("half", "whole"))
    follow(shop)
    for placed, amount in ((half, "40"), (whole, "100")):
        refund_id = draft(shop, placed, amount)
        shop.write(partial(process_refund, refund_id=refund_id))
    later(shop, days=3)
    sandbox = gateway_named("sandbox")
    assert take_disputes(shop, sandbox) == 1
    assert take_disputes(shop, sandbox) == 0
    assert shop.read(balances)["chargebacks"] == 6000


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


@pytest.mark.unbalanced
def test_the_proof_sees_a_chargeback_that_is_not_in_the_books(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    payment_id = record_payment(tx, order_id=order_id, amount_e4=e4("20"), gateway="card")
    one = charge_back(tx, payment_id=payment_id, identifier="d1", amount_minor=500)
    assert prove_books(tx) == []
    tx.update(Chargeback, one, amount_minor=501)
    (wrong,) = prove_books(tx)
    assert wrong == f"chargeback {one} is 501, the ledger has 500"
    tx.update(Chargeback, one, amount_minor=500, transfer_id=None)
    lost, stray = prove_books(tx)
    assert lost == f"chargeback {one} is 500, the ledger has 0"
    assert stray.endswith("took 500 for no chargeback")


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
