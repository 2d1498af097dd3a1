"""What Stripe's records mean: intents, refunds and disputes as outcomes of the port."""

from collections.abc import Mapping
from typing import Any

from comptoir.domain.payments.models import FAIL, PENDING, SUCCESS
from comptoir.domain.payments.port import Dispute, Outcome
from comptoir.gateways.stripe_amounts import stripe_money

Facts = Mapping[str, Any]

AUTHORISED, TAKEN, CANCELLED = "requires_capture", "succeeded", "canceled"
# Nobody can say yet: the bank has not answered.
PROCESSING = "processing"
STATUSES = {AUTHORISED: PENDING, TAKEN: SUCCESS}
REFUND_FAILED = frozenset({"failed", "canceled"})
# Money is gone in these states; an inquiry takes none, and a dispute that was won has given it back.
TAKEN_BACK = frozenset({"needs_response", "under_review", "lost"})
NEEDS_BUYER = "the card's bank wants to hear from the buyer"


def intent_outcome(intent: Facts) -> Outcome:
    """Where the money of an intent is."""
    status = STATUSES.get(intent["status"], FAIL)
    return Outcome(status, intent["id"], _answer(intent) | {"gw_Message": _message(intent)})


def void_outcome(intent: Facts) -> Outcome:
    """What came of cancelling an intent."""
    status = SUCCESS if intent["status"] == CANCELLED else FAIL
    return Outcome(status, intent["id"], _answer(intent) | {"gw_Message": intent["status"]})


def refund_outcome(refund: Facts) -> Outcome:
    """What came of a refund; one that waits for the bank has left the account."""
    status = FAIL if refund["status"] in REFUND_FAILED else SUCCESS
    return Outcome(status, refund["id"], _answer(refund) | {"gw_Message": refund["status"]})


def failed(message: str, identifier: str = "") -> Outcome:
    """Nothing moved."""
    return Outcome(FAIL, identifier, {"gw_Message": message})


def dispute_of(dispute: Facts) -> Dispute:
    """Money that was taken back."""
    amount = stripe_money(dispute["amount"], dispute["currency"].upper())
    payment = dispute.get("payment_intent") or ""
    return Dispute(dispute["id"], payment, dispute.get("reason") or "", amount)


def verdict_of(intent: Facts) -> str | None:
    """What is said of the payment at once: `pass`, or `fail` when it was blocked."""
    outcome = _charge(intent).get("outcome") or {}
    return "fail" if outcome.get("type") == "blocked" else "pass"


def review_id_of(intent: Facts) -> str | None:
    """The review that the payment waits for, if any."""
    return _charge(intent).get("review")


def verdict_of_review(review: Facts) -> str | None:
    """What a review came to; None while it goes on."""
    if review.get("open"):
        return None
    return "pass" if review.get("reason") == "approved" else "fail"


def _charge(intent: Facts) -> Facts:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, Mapping) else {}


def _answer(record: Facts) -> dict[str, str]:
    return {"gw_Amount": str(record["amount"]), "gw_Currency": str(record["currency"]).upper()}


def _message(intent: Facts) -> str:
    if intent["status"] in STATUSES:
        return {PENDING: "authorised", SUCCESS: "captured"}[STATUSES[intent["status"]]]
    if intent["status"] == "requires_action":
        return NEEDS_BUYER
    problem = intent.get("last_payment_error") or {}
    return str(problem.get("message") or intent["status"])
