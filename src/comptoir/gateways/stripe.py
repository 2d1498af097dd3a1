"""Stripe, spoken to through its own library: payment intents that are authorised now and captured later.

Our reference goes along twice: as the idempotency key, so that Stripe does not do the same twice, and among the
metadata, so that an attempt of which no answer came can be found again.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import stripe

from comptoir.domain.clock import Now, system_now
from comptoir.domain.payments.errors import CardRefused, GatewaySilent
from comptoir.domain.payments.gateways import STRIPE
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, REFUND
from comptoir.domain.payments.port import Card, Charge, Dispute, Outcome, Taken
from comptoir.gateways.stripe_amounts import CannotCharge, stripe_amount
from comptoir.gateways.stripe_answers import (
    AUTHORISED,
    NEEDS_BUYER,
    PROCESSING,
    TAKEN_BACK,
    Facts,
    dispute_of,
    failed,
    intent_outcome,
    refund_outcome,
    review_id_of,
    verdict_of,
    verdict_of_review,
    void_outcome,
)

# The library tells what it sends when it is asked for details, and a card is among it.
logging.getLogger("stripe").setLevel(logging.WARNING)

KEY = "comptoir_key"
TIMEOUT_SECONDS = (5, 25)
PAGE = 100
# Attempts are looked up within minutes; what is older than this cannot be one.
INTENTS_BACK = timedelta(days=30)
DISPUTES_BACK = timedelta(days=150)
# Nobody knows whether these were carried out, or they say nothing of the payment itself.
UNSURE = (
    stripe.APIConnectionError,
    stripe.APIError,
    stripe.AuthenticationError,
    stripe.IdempotencyError,
    stripe.PermissionError,
    stripe.RateLimitError,
)
Ask = Callable[[], Any]


class StripeGateway:
    """Stripe, as one merchant's key opens it."""

    name = STRIPE
    is_remote = True
    disputed_methods: frozenset[str] = frozenset()

    def __init__(self, key: str, *, url: str = "", system: Now = system_now) -> None:
        stripe.enable_telemetry = False
        self._system = system
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": url.rstrip("/")} if url else {},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        ).v1

    # --------------------------------------------------------------------------------------- asking

    def tokenise(self, card: Card) -> str:
        """Give the card into Stripe's keeping, for this payment and later ones: customer and method in one.

        Refuses: CardRefused, GatewaySilent.
        """
        number: Any = {
            "number": card.number,
            "exp_month": card.expiry_month,
            "exp_year": card.expiry_year,
            "cvc": card.security_code,
        }
        try:
            method = self._api.payment_methods.create({"type": "card", "card": number})
            customer = self._api.customers.create({})
            self._api.payment_methods.attach(method.id, {"customer": customer.id})
        except UNSURE as problem:
            raise self._silence("card", problem) from None
        except stripe.StripeError:
            raise CardRefused("number", "was not taken by the card's bank") from None
        return f"{customer.id}/{method.id}"

    def authorise(self, charge: Charge) -> Outcome:
        """Make and confirm an intent whose money is captured later.

        A bank that wants to hear from the buyer first is a decline: nobody here can send them there.
        Refuses: GatewaySilent.
        """
        customer, _, method = charge.method.partition("/")
        intent: Any = {
            "currency": charge.amount.currency.lower(),
            "customer": customer,
            "payment_method": method,
            "payment_method_types": ["card"],
            "capture_method": "manual",
            "confirm": True,
            "metadata": {KEY: charge.reference},
        }
        if not charge.is_buyer_present:
            intent["off_session"] = True
        try:
            intent["amount"] = stripe_amount(charge.amount)
            made = self._facts(charge, lambda: self._api.payment_intents.create(intent, _once(charge)))
        except (CannotCharge, stripe.StripeError) as problem:
            return _refused(problem)
        return self._authorised(charge, made)

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        """Take the money that was promised. Refuses: GatewaySilent."""
        try:
            ask = lambda: self._api.payment_intents.capture(identifier, {}, _once(charge))  # noqa: E731
            return self._settled(charge, self._facts(charge, ask))
        except stripe.StripeError as problem:
            return _refused(problem, identifier)

    def void(self, charge: Charge, identifier: str) -> Outcome:
        """Cancel the intent. Refuses: GatewaySilent."""
        try:
            ask = lambda: self._api.payment_intents.cancel(identifier, {}, _once(charge))  # noqa: E731
            return void_outcome(self._facts(charge, ask))
        except stripe.StripeError as problem:
            return _refused(problem, identifier)

    def refund(self, charge: Charge, identifier: str) -> Outcome:
        """Give money of an intent back. Refuses: GatewaySilent."""
        refund: Any = {"payment_intent": identifier, "metadata": {KEY: charge.reference}}
        try:
            refund["amount"] = stripe_amount(charge.amount)
            return refund_outcome(
                self._facts(charge, lambda: self._api.refunds.create(refund, _once(charge)))
            )
        except (CannotCharge, stripe.StripeError) as problem:
            return _refused(problem)

    # ------------------------------------------------------------------------------------ looking up

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        """What Stripe knows of something asked before. Refuses: GatewaySilent."""
        if verb == AUTHORISE:
            since = int((self._system() - INTENTS_BACK).timestamp())
            intent = self._find(charge, self._api.payment_intents.list, {}, since)
            return None if intent is None else self._authorised(charge, intent)
        if verb == REFUND:
            found = self._find(charge, self._api.refunds.list, {"payment_intent": identifier}, 0)
            return None if found is None else refund_outcome(found)
        intent = self._known(charge, lambda: self._api.payment_intents.retrieve(identifier))
        if intent["status"] == AUTHORISED:
            return None
        return self._settled(charge, intent) if verb == CAPTURE else void_outcome(intent)

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:  # noqa: ARG002 - the port's
        """What Radar says: a blocked payment fails, one under review waits. Refuses: GatewaySilent."""
        expanded: Any = {"expand": ["latest_charge"]}
        intent = self._known(charge, lambda: self._api.payment_intents.retrieve(identifier, expanded))
        review_id = review_id_of(intent)
        if review_id is None:
            return verdict_of(intent)
        return verdict_of_review(self._known(charge, lambda: self._api.reviews.retrieve(review_id)))

    def disputes(self, known: Sequence[Taken]) -> Sequence[Dispute]:  # noqa: ARG002 - the port's
        """Disputes of the last months that took money. Refuses: GatewaySilent."""
        since = int((self._system() - DISPUTES_BACK).timestamp())
        rows = self._rows("disputes", self._api.disputes.list, {"created": {"gte": since}}, since)
        return [dispute_of(row) for row in rows if row.get("status") in TAKEN_BACK]

    # --------------------------------------------------------------------------------------- answers

    def _authorised(self, charge: Charge, intent: Facts) -> Outcome:
        """What an intent came to that was confirmed. Refuses: GatewaySilent, while the bank thinks."""
        outcome = self._settled(charge, intent)
        if outcome.response["gw_Message"] == NEEDS_BUYER:
            # Nobody will confirm it any more.
            self._facts(charge, lambda: self._api.payment_intents.cancel(intent["id"]))
        return outcome

    def _settled(self, charge: Charge, intent: Facts) -> Outcome:
        if intent["status"] == PROCESSING:
            raise GatewaySilent(self.name, charge.reference, "waits for the card's bank")
        return intent_outcome(intent)

    def _known(self, charge: Charge, ask: Ask) -> Facts:
        """What is looked up; that it cannot be says nothing of the payment. Refuses: GatewaySilent."""
        try:
            return self._facts(charge, ask)
        except stripe.StripeError as problem:
            raise self._silence(charge.reference, problem) from None

    def _facts(self, charge: Charge, ask: Ask) -> Facts:
        """The record that is answered. Refuses: GatewaySilent, StripeError."""
        try:
            facts: Facts = ask().to_dict()
        except UNSURE as problem:
            raise self._silence(charge.reference, problem) from None
        return facts

    def _find(self, charge: Charge, ask: Callable[[Any], Any], about: Facts, since: int) -> Facts | None:
        rows = self._rows(charge.reference, ask, about, since)
        return next((row for row in rows if (row.get("metadata") or {}).get(KEY) == charge.reference), None)

    def _rows(self, reference: str, ask: Callable[[Any], Any], about: Facts, since: int) -> Iterator[Facts]:
        """Records of a list, page by page, until a page is older throughout. Refuses: GatewaySilent."""
        after: dict[str, str] = {}
        while True:
            try:
                page = ask({**about, "limit": PAGE, **after}).to_dict()
            except stripe.StripeError as problem:
                raise self._silence(reference, problem) from None
            rows: list[Facts] = page["data"]
            yield from rows
            if not page.get("has_more") or not rows or all(row["created"] < since for row in rows):
                return
            after = {"starting_after": rows[-1]["id"]}

    def _silence(self, reference: str, problem: stripe.StripeError) -> GatewaySilent:
        """The kind of the problem alone: its text may hold what was sent."""
        return GatewaySilent(self.name, reference, f"gave no answer, {type(problem).__name__}")


def _once(charge: Charge) -> Any:
    return {"idempotency_key": charge.reference}


def _refused(problem: Exception, identifier: str = "") -> Outcome:
    """A refusal of the card or of the request: nothing moved."""
    if isinstance(problem, stripe.CardError):
        return failed(problem.user_message or "card declined", identifier)
    if isinstance(problem, stripe.StripeError):
        return failed(f"refused: {problem.code or type(problem).__name__}", identifier)
    return failed(str(problem), identifier)
