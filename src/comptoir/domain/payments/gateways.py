"""Gateways: those through whom money comes in and goes back.

Two are built in. `manual` stands for money that changed hands elsewhere and always agrees. `sandbox`
behaves like a card processor whose answers are decided by the amount alone, so that a test or a demo can ask
for any of them: amounts that end in 99.02 (9902 minor units) and in the other endings below are declined,
all else is taken.
"""

from typing import NamedTuple, Protocol

from comptoir.domain.money import Money
from comptoir.domain.payments.models import FAIL, PENDING, SUCCESS

MANUAL, SANDBOX = "manual", "sandbox"
ENDING_MINOR = 10_000
DECLINES = {
    9902: "card declined",
    9903: "insufficient funds",
    9904: "card expired",
    9905: "suspected fraud",
}
CAPTURE_FAILS = 9906
REFUND_FAILS = 9907


class Charge(NamedTuple):
    """What a gateway is asked to move; `reference` is ours, and the same for the same attempt."""

    reference: str
    amount: Money


class Outcome(NamedTuple):
    """What a gateway answered: `pending` is authorised and not yet captured."""

    status: str
    identifier: str
    response: dict[str, str]


class Gateway(Protocol):
    """One through whom money moves."""

    @property
    def name(self) -> str:
        """What its transactions and its clearing account are called after."""

    def authorise(self, charge: Charge) -> Outcome:
        """Ask for money: pending when it is promised, success when it is already there, or fail."""

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        """Take money that was promised: success or fail."""

    def refund(self, charge: Charge, identifier: str) -> Outcome:
        """Give money of a payment back: success or fail."""


class ManualGateway:
    """Money that changes hands elsewhere: what the merchant says is so."""

    def __init__(self, name: str = MANUAL) -> None:
        self.name = name

    def authorise(self, charge: Charge) -> Outcome:
        """Agree."""
        return Outcome(SUCCESS, charge.reference, {})

    def capture(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002 - the port's signature
        """Agree."""
        return Outcome(SUCCESS, identifier, {})

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002 - the port's signature
        """Agree."""
        return Outcome(SUCCESS, charge.reference, {})


class SandboxGateway:
    """A card processor that answers by the amount alone."""

    name = SANDBOX

    def authorise(self, charge: Charge) -> Outcome:
        """Promise the money, unless the amount is one of those that are declined."""
        reason = DECLINES.get(charge.amount.minor % ENDING_MINOR)
        return _answer(FAIL if reason else PENDING, charge, reason or "authorised")

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        """Take the money, unless the amount is the one whose capture fails."""
        failed = charge.amount.minor % ENDING_MINOR == CAPTURE_FAILS
        answer = _answer(
            FAIL if failed else SUCCESS, charge, "authorisation lapsed" if failed else "captured"
        )
        return answer._replace(identifier=identifier)

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002 - the port's signature
        """Give the money back, unless the amount is the one whose refund fails."""
        failed = charge.amount.minor % ENDING_MINOR == REFUND_FAILS
        return _answer(FAIL if failed else SUCCESS, charge, "account closed" if failed else "refunded")


def _answer(status: str, charge: Charge, message: str) -> Outcome:
    response = {"gw_Amount": str(charge.amount.minor), "gw_Currency": charge.amount.currency}
    return Outcome(status, f"SBX-{charge.reference}", response | {"gw_Message": message})


BUILT_IN: dict[str, Gateway] = {MANUAL: ManualGateway(), SANDBOX: SandboxGateway()}


def gateway_named(name: str) -> Gateway:
    """The gateway of this name; one that we cannot speak to is handled by hand."""
    return BUILT_IN.get(name) or ManualGateway(name)
