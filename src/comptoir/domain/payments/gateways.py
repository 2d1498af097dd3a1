"""Gateways: those through whom money comes in and goes back, by their names.

Two are built in. `manual` stands for money that changed hands elsewhere and always agrees. `sandbox`
behaves like a card processor whose answers are known beforehand. What speaks to a processor of the outside
world is an adapter, given from above; in its place stands here what refuses to be asked inside a transaction.
"""

from collections.abc import Sequence
from datetime import timedelta

from comptoir.domain.payments.errors import GatewaySilent, NoCards
from comptoir.domain.payments.models import SUCCESS
from comptoir.domain.payments.port import Card, Charge, Dispute, Gateway, Gateways, Outcome, Taken
from comptoir.domain.payments.sandbox import PASSED, SANDBOX, SandboxGateway

__all__ = [
    "MANUAL",
    "SANDBOX",
    "STRIPE",
    "AnsweredGateway",
    "Charge",
    "Gateway",
    "Gateways",
    "Outcome",
    "gateway_named",
]

MANUAL, STRIPE = "manual", "stripe"


class ManualGateway:
    """Money that changes hands elsewhere: what the merchant says is so."""

    is_remote = False
    disputed_methods: frozenset[str] = frozenset()

    def __init__(self, name: str = MANUAL) -> None:
        self.name = name

    def tokenise(self, card: Card) -> str:  # noqa: ARG002 - the port's signature, here and below
        """Nobody here can charge a card. Refuses: NoCards."""
        raise NoCards(self.name)

    def authorise(self, charge: Charge) -> Outcome:
        """Agree."""
        return Outcome(SUCCESS, charge.reference, {})

    def capture(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Agree."""
        return Outcome(SUCCESS, identifier, {})

    def void(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Agree."""
        return Outcome(SUCCESS, identifier, {})

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Agree."""
        return Outcome(SUCCESS, charge.reference, {})

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:  # noqa: ARG002
        """What was said is so."""
        return Outcome(SUCCESS, identifier or charge.reference, {})

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:  # noqa: ARG002
        """The merchant has looked."""
        return PASSED

    def disputes(self, known: Sequence[Taken]) -> Sequence[Dispute]:  # noqa: ARG002
        """What is disputed is said by hand."""
        return ()


class DistantGateway(ManualGateway):
    """A processor of the outside world, seen from within: it can be named, and not be asked from here."""

    is_remote = True

    def tokenise(self, card: Card) -> str:  # noqa: ARG002 - the port's signature, here and below
        """Refuses: NoCards."""
        raise NoCards(self.name)

    def authorise(self, charge: Charge) -> Outcome:
        """Refuses: GatewaySilent."""
        raise GatewaySilent(self.name, charge.reference)

    def capture(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Refuses: GatewaySilent."""
        raise GatewaySilent(self.name, charge.reference)

    def void(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Refuses: GatewaySilent."""
        raise GatewaySilent(self.name, charge.reference)

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """Refuses: GatewaySilent."""
        raise GatewaySilent(self.name, charge.reference)

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:  # noqa: ARG002
        """Refuses: GatewaySilent."""
        raise GatewaySilent(self.name, charge.reference)

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:  # noqa: ARG002
        """Nobody knows yet."""
        return None


class AnsweredGateway(ManualGateway):
    """A gateway that has been asked outside the transaction: it says again what it said."""

    def __init__(self, name: str, outcome: Outcome) -> None:
        super().__init__(name)
        self._outcome = outcome

    def authorise(self, charge: Charge) -> Outcome:  # noqa: ARG002 - the port's signature, here and below
        """What it said."""
        return self._outcome

    def capture(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """What it said."""
        return self._outcome

    def refund(self, charge: Charge, identifier: str) -> Outcome:  # noqa: ARG002
        """What it said."""
        return self._outcome


BUILT_IN: dict[str, Gateway] = {
    MANUAL: ManualGateway(),
    SANDBOX: SandboxGateway(),
    STRIPE: DistantGateway(STRIPE),
}


def gateway_named(name: str) -> Gateway:
    """The gateway of this name; one that we cannot speak to is handled by hand."""
    return BUILT_IN.get(name) or ManualGateway(name)
