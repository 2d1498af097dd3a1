"""The built-in sandbox: a card processor whose answers are decided by the card and the amount alone.

So a test or a demo can ask for any of them. It remembers nothing, and what it would have answered before it
answers again: asking it twice moves nothing twice. docs/reference/gateways.md lists cards and amounts.
"""

from collections.abc import Sequence
from datetime import timedelta

from comptoir.domain.payments.errors import GatewaySilent
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, FAIL, PENDING, REFUND, SUCCESS, VOID
from comptoir.domain.payments.port import Card, Charge, Dispute, Outcome, Taken

SANDBOX = "sandbox"
ENDING_MINOR = 10_000
DECLINES = {
    9902: "card declined",
    9903: "insufficient funds",
    9904: "card expired",
    9905: "suspected fraud",
}
CAPTURE_FAILS = 9906
REFUND_FAILS = 9907

PREFIX = "sbx-"
APPROVED = f"{PREFIX}approved"
LATER_DECLINED = f"{PREFIX}later-declined"
UNCAPTURED = f"{PREFIX}capture-fails"
REVIEW_DELAYED, REVIEW_FAILS = f"{PREFIX}review-delayed", f"{PREFIX}review-fails"
DISPUTED = f"{PREFIX}disputed"
SILENT, LOST = f"{PREFIX}silent", f"{PREFIX}lost"
DECLINED_CARDS = {
    f"{PREFIX}declined": "card declined",
    f"{PREFIX}insufficient-funds": "insufficient funds",
    f"{PREFIX}expired": "card expired",
    f"{PREFIX}suspected-fraud": "suspected fraud",
    f"{PREFIX}security-code": "incorrect security code",
}
MAGIC_CARDS = {
    "4000000000000002": APPROVED,
    "4333433343334333": f"{PREFIX}declined",
    "4000000000009995": f"{PREFIX}insufficient-funds",
    "4000000000000069": f"{PREFIX}expired",
    "4000000000009979": f"{PREFIX}suspected-fraud",
    "4000000000000127": f"{PREFIX}security-code",
    "4000000000000341": LATER_DECLINED,
    "4000000000000119": UNCAPTURED,
    "4000000000009235": REVIEW_DELAYED,
    "4100000000000019": REVIEW_FAILS,
    "4000000000000259": DISPUTED,
    "4000000000000408": SILENT,
    "4000000000000416": LOST,
}
REVIEW_DELAY = timedelta(hours=24)
DISPUTE_DELAY = timedelta(days=3)
PASSED, FAILED = "pass", "fail"


class SandboxGateway:
    """A card processor that answers by the card and the amount alone."""

    name = SANDBOX
    is_remote = False
    disputed_methods = frozenset({DISPUTED})

    def tokenise(self, card: Card) -> str:
        """Name the card by how it will behave."""
        return MAGIC_CARDS.get(card.number, APPROVED)

    def authorise(self, charge: Charge) -> Outcome:
        """Promise the money, unless the card or the amount is one of those that are declined."""
        if charge.method in {SILENT, LOST}:
            raise GatewaySilent(self.name, charge.reference)
        return _authorised(charge)

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        """Take the money, unless the card or the amount is one whose capture fails."""
        failed = charge.amount.minor % ENDING_MINOR == CAPTURE_FAILS or charge.method == UNCAPTURED
        answer = _answer(
            FAIL if failed else SUCCESS, charge, "authorisation lapsed" if failed else "captured"
        )
        return answer._replace(identifier=identifier)

    def void(self, charge: Charge, identifier: str) -> Outcome:
        """Let the money go."""
        return _answer(SUCCESS, charge, "voided")._replace(identifier=identifier)

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002 - the port's signature
        """Give the money back, unless the amount is the one whose refund fails."""
        failed = charge.amount.minor % ENDING_MINOR == REFUND_FAILS
        return _answer(FAIL if failed else SUCCESS, charge, "account closed" if failed else "refunded")

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        """What it answered, or would have; of the lost card it never heard."""
        if verb == AUTHORISE:
            return None if charge.method == LOST else _authorised(charge)
        return {CAPTURE: self.capture, VOID: self.void, REFUND: self.refund}[verb](charge, identifier)

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:  # noqa: ARG002 - as above
        """Decide at once, but for the card that takes a day and the one that fails."""
        if charge.method == REVIEW_FAILS:
            return FAILED
        return None if charge.method == REVIEW_DELAYED and age < REVIEW_DELAY else PASSED

    def disputes(self, known: Sequence[Taken]) -> Sequence[Dispute]:
        """Dispute what was paid by the card for that."""
        return [
            Dispute(f"DSP-{taken.identifier}", taken.identifier, "fraudulent")
            for taken in known
            if taken.method == DISPUTED
        ]


def _authorised(charge: Charge) -> Outcome:
    reason = DECLINES.get(charge.amount.minor % ENDING_MINOR) or DECLINED_CARDS.get(charge.method)
    if charge.method == LATER_DECLINED and not charge.is_buyer_present:
        reason = "insufficient funds"
    answer = _answer(FAIL if reason else PENDING, charge, reason or "authorised")
    if not charge.method:
        return answer
    matches = "N" if reason == "incorrect security code" else "M"
    return answer._replace(response=answer.response | {"gw_Avs": "Y", "gw_Cvv": matches})


def _answer(status: str, charge: Charge, message: str) -> Outcome:
    response = {"gw_Amount": str(charge.amount.minor), "gw_Currency": charge.amount.currency}
    return Outcome(status, f"SBX-{charge.reference}", response | {"gw_Message": message})
