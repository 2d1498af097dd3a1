"""The Stripe adapter, spoken through the official library to localstripe as a process of its own."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.money import Money
from comptoir.domain.payments.chargebacks import take_disputes
from comptoir.domain.payments.errors import CardRefused, GatewaySilent
from comptoir.domain.payments.following import capture_due, deposit_due, review_due
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, REFUND, VOID
from comptoir.domain.payments.port import Card, Charge, Dispute
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.gateways.stripe import KEY as REFERENCE
from comptoir.gateways.stripe import StripeGateway
from comptoir.gateways.stripe_amounts import CannotCharge, stripe_amount, stripe_money
from comptoir.opening import gateways_of
from comptoir.settings import Settings
from tests.domain.orders.given import balances, e4
from tests.domain.payments.given import gateways, invoice, later, place_paid, sell
from tests.gateways.conftest import KEY

if TYPE_CHECKING:
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.payments.attempts import Attempt
    from comptoir.domain.tx import OpenShop, Tx
    from tests.gateways.conftest import Line

GOOD, DECLINED, UNATTACHABLE = "4242424242424242", "4000000000000341", "4000000000000002"
ASKS_BUYER = "4000002500003155"
HOUR = timedelta(hours=1)
REFERENCES = count(1)


def a_card(number: str = GOOD) -> Card:
    return Card(number, 12, 2031, "123")


def a_charge(gateway: StripeGateway, number: str = GOOD, minor: int = 2500) -> Charge:
    """A charge under a reference of its own: the server forgets nothing between tests."""
    method = gateway.tokenise(a_card(number))
    return Charge(f"test-{next(REFERENCES)}", Money(minor, "EUR"), method)


def test_money_is_promised_then_taken_then_given_back(stripe_gateway: StripeGateway, line: Line) -> None:
    charge = a_charge(stripe_gateway)
    promised = stripe_gateway.authorise(charge)
    assert promised.status == "pending"
    assert promised.identifier.startswith("pi_")
    assert promised.response == {"gw_Amount": "2500", "gw_Currency": "EUR", "gw_Message": "authorised"}
    taken = stripe_gateway.capture(charge, promised.identifier)
    assert (taken.status, taken.identifier) == ("success", promised.identifier)
    part = charge._replace(reference=f"{charge.reference}-r", amount=Money(1000, "EUR"))
    given = stripe_gateway.refund(part, promised.identifier)
    assert (given.status, given.response["gw_Amount"]) == ("success", "1000")
    assert given.identifier.startswith("re_")
    assert line.keys[-3:] == [charge.reference, charge.reference, part.reference]


def test_a_method_names_the_card_and_never_its_number(stripe_gateway: StripeGateway) -> None:
    method = stripe_gateway.tokenise(a_card())
    assert method.startswith("cus_")
    assert "/pm_" in method
    assert GOOD[-4:] not in method


def test_a_promise_is_let_go(stripe_gateway: StripeGateway) -> None:
    charge = a_charge(stripe_gateway)
    promised = stripe_gateway.authorise(charge)
    assert stripe_gateway.void(charge, promised.identifier).status == "success"
    assert stripe_gateway.find(VOID, charge, promised.identifier) is not None
    late = stripe_gateway.find(CAPTURE, charge, promised.identifier)
    assert late is not None
    assert late.status == "fail"


def test_a_decline_is_an_answer(stripe_gateway: StripeGateway) -> None:
    outcome = stripe_gateway.authorise(a_charge(stripe_gateway, DECLINED))
    assert (outcome.status, outcome.response["gw_Message"]) == ("fail", "Your card was declined.")


def test_a_card_may_be_refused_at_once(stripe_gateway: StripeGateway) -> None:
    with pytest.raises(CardRefused, match="number"):
        stripe_gateway.tokenise(a_card(UNATTACHABLE))


def test_a_bank_that_wants_the_buyer_is_a_decline_that_holds_nothing(
    stripe_gateway: StripeGateway, line: Line
) -> None:
    charge = a_charge(stripe_gateway, ASKS_BUYER)
    outcome = stripe_gateway.authorise(charge)
    assert outcome.status == "fail"
    assert "buyer" in outcome.response["gw_Message"]
    assert line.asked[f"POST /v1/payment_intents/{outcome.identifier}/cancel"] == 1
    known = stripe_gateway.find(AUTHORISE, charge, "")
    assert known is not None
    assert known.status == "fail"


def test_what_was_asked_is_found_by_its_reference(stripe_gateway: StripeGateway) -> None:
    charge = a_charge(stripe_gateway)
    assert stripe_gateway.find(AUTHORISE, charge, "") is None
    promised = stripe_gateway.authorise(charge)
    for _ in range(3):
        stripe_gateway.authorise(a_charge(stripe_gateway))
    assert stripe_gateway.find(AUTHORISE, charge, "") == promised
    assert stripe_gateway.find(CAPTURE, charge, promised.identifier) is None
    assert stripe_gateway.find(VOID, charge, promised.identifier) is None
    taken = stripe_gateway.capture(charge, promised.identifier)
    assert stripe_gateway.find(CAPTURE, charge, promised.identifier) == taken
    assert stripe_gateway.find(REFUND, charge, promised.identifier) is None
    given = stripe_gateway.refund(charge, promised.identifier)
    assert stripe_gateway.find(REFUND, charge, promised.identifier) == given


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_answer_that_was_lost_is_silence_and_can_be_looked_up(
    stripe_gateway: StripeGateway, line: Line, cut: str
) -> None:
    charge = a_charge(stripe_gateway)
    line.cut = cut
    with pytest.raises(GatewaySilent) as silence:
        stripe_gateway.authorise(charge)
    assert "APIConnectionError" in str(silence.value)
    with pytest.raises(GatewaySilent):
        stripe_gateway.find(AUTHORISE, charge, "")
    line.cut = ""
    found = stripe_gateway.find(AUTHORISE, charge, "")
    assert (found is not None) == (cut == "after")


def test_a_key_that_is_not_known_says_nothing_of_the_payment(line: Line) -> None:
    stranger = StripeGateway("nobody", url=line.url)
    with pytest.raises(GatewaySilent, match="AuthenticationError"):
        stranger.authorise(Charge("test-stranger", Money(100, "EUR"), "cus_1/pm_1"))
    with pytest.raises(GatewaySilent):
        stranger.tokenise(a_card())


def test_a_request_that_is_refused_moved_nothing(stripe_gateway: StripeGateway) -> None:
    outcome = stripe_gateway.authorise(Charge("test-unknown", Money(100, "EUR"), "cus_none/pm_none"))
    assert outcome.status == "fail"
    assert stripe_gateway.refund(Charge("test-none", Money(100, "EUR")), "pi_none").status == "fail"


def test_the_card_is_in_no_log(stripe_gateway: StripeGateway, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        charge = a_charge(stripe_gateway)
        stripe_gateway.authorise(charge)
        with pytest.raises(CardRefused) as refusal:
            stripe_gateway.tokenise(a_card(UNATTACHABLE))
    assert GOOD not in caplog.text
    assert UNATTACHABLE not in caplog.text + str(refusal.value) + repr(a_card(UNATTACHABLE))


# ------------------------------------------------------------------------------------ what Radar and banks say


@pytest.mark.parametrize(
    ("charge", "review", "verdict"),
    [
        ({"outcome": {"type": "authorized"}}, None, "pass"),
        ({"outcome": {"type": "blocked"}}, None, "fail"),
        ({"review": "prv_1"}, {"open": True}, None),
        ({"review": "prv_1"}, {"open": False, "reason": "approved"}, "pass"),
        ({"review": "prv_1"}, {"open": False, "reason": "refunded_as_fraud"}, "fail"),
        (None, None, "pass"),
    ],
)
def test_reviews_are_read(
    stripe_gateway: StripeGateway, line: Line, charge: object, review: object, verdict: str | None
) -> None:
    asked = a_charge(stripe_gateway)
    promised = stripe_gateway.authorise(asked)
    line.amended = {"latest_charge": charge}
    line.own = {"/v1/reviews/prv_1": {"object": "review", "id": "prv_1", **(review or {})}}  # type: ignore[dict-item]
    assert stripe_gateway.review(asked, promised.identifier, HOUR) == verdict


def a_dispute(identifier: str, payment: str, status: str, amount: int = 2500) -> dict[str, object]:
    return {
        "object": "dispute", "id": identifier, "payment_intent": payment, "status": status, "amount": amount,
        "currency": "eur", "reason": "fraudulent", "created": 2_000_000_000,
    }  # fmt: skip


def test_disputes_that_took_money_are_read(stripe_gateway: StripeGateway, line: Line) -> None:
    states = ["needs_response", "under_review", "lost", "won", "warning_needs_response", "warning_closed"]
    rows = [a_dispute(f"dp_{place}", "pi_1", status) for place, status in enumerate(states)]
    line.own = {"/v1/disputes": {"object": "list", "data": rows, "has_more": False, "url": "/v1/disputes"}}
    money = Money(2500, "EUR")
    assert list(stripe_gateway.disputes([])) == [
        Dispute(f"dp_{place}", "pi_1", "fraudulent", money) for place in range(3)
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (1250, "USD", 1250), (500, "JPY", 500), (7, "ISK", 700), (9, "UGX", 900), (500, "MGA", 5),
        (5120, "KWD", 5120), (1, "KRW", 1), (1045, "HUF", 1045),
    ],
)  # fmt: skip
def test_amounts_are_written_as_stripe_counts(minor: int, currency: str, written: int) -> None:
    assert stripe_amount(Money(minor, currency)) == written
    assert stripe_money(written, currency) == Money(minor, currency)


@pytest.mark.parametrize(("minor", "currency"), [(501, "MGA"), (5124, "KWD")])
def test_amounts_that_have_no_form_are_declined(
    stripe_gateway: StripeGateway, minor: int, currency: str
) -> None:
    money = Money(minor, currency)
    with pytest.raises(CannotCharge):
        stripe_amount(money)
    assert stripe_gateway.authorise(Charge("test-formless", money, "cus_1/pm_1")).status == "fail"
    assert stripe_gateway.refund(Charge("test-formless", money), "pi_1").status == "fail"


# ----------------------------------------------------------------------------------------- through the books


def test_a_sale_goes_through_stripe_to_the_cent(
    shop: OpenShop, stripe_gateway: StripeGateway, line: Line
) -> None:
    named = gateways(stripe_gateway)
    method = stripe_gateway.tokenise(a_card())
    key = f"checkout-{next(REFERENCES)}"
    line.cut, line.cut_path = "after", "/v1/payment_intents"
    with pytest.raises(GatewaySilent):
        sell(shop, gateway=stripe_gateway, method=method, key=key, customer=Money(8000, "EUR"))
    line.cut = ""
    concluders = dict(CONCLUDERS)
    placed: list[PlacedSale] = []

    def conclude(tx: Tx, attempt: Attempt) -> None:
        placed.append(place_paid(tx, attempt, customer=Money(8000, "EUR")))

    concluders["checkout"] = conclude
    reconciler = Reconciler(concluders, patience_seconds=0)
    assert reconciler.reconcile(shop, named) == 1
    (sale,) = placed
    assert review_due(shop, named) == capture_due(shop, named) == 1
    assert invoice(shop, sale).status == "pending"
    assert reconciler.reconcile(shop, named) == 1
    later(shop, days=1)
    deposit_due(shop)
    assert invoice(shop, sale).status == "deposited"
    item = {"type": "amount", "amount_e4": e4("25")}
    refund_id = shop.write(lambda tx: draft_refund(tx, order_id=sale.order_id, items=[item]))  # type: ignore[list-item]
    assert shop.write(lambda tx: process_refund(tx, refund_id=refund_id)) == "draft"
    assert reconciler.reconcile(shop, named) == 1
    payments = shop.read(lambda tx: list_payments(tx, sale.order_id))
    assert [(row.status, row.amount_e4) for row in payments] == [
        ("success", e4("100")),
        ("success", -e4("25")),
    ]
    assert payments[1].response["gw_Amount"] == "2000"
    intent = payments[0].identifier
    page = {"object": "list", "has_more": False, "url": "/v1/disputes"}
    line.own = {"/v1/disputes": page | {"data": [a_dispute("dp_x", intent, "lost", 8000)]}}
    assert take_disputes(shop, stripe_gateway) == 1
    assert shop.read(balances) == {"sales": 10000, "returns": 2500, "chargebacks": 10000,
                                   "clearing:stripe": -2500}  # fmt: skip
    created = [name for name in line.asked.elements() if name == "POST /v1/payment_intents"]
    assert len(created) == 1, "asked for once, and found again"


def test_stripe_is_there_when_there_is_a_key(line: Line) -> None:
    settings = Settings(stripe_key=KEY, stripe_url=line.url)
    named = gateways_of(settings)
    assert named("stripe").tokenise(a_card()).startswith("cus_")
    assert named("sandbox").name == "sandbox"
    assert REFERENCE == "comptoir_key"
    with pytest.raises(GatewaySilent):
        gateways_of(Settings())("stripe").authorise(Charge("x", Money(1, "EUR")))
