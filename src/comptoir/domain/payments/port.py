"""What every gateway is asked and answers: the one interface of the house with more than one implementation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from comptoir.domain.money import Money


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A card as a buyer gave it. It goes to the gateway and nowhere else, so it never shows itself."""

    number: str
    expiry_month: int
    expiry_year: int
    security_code: str

    def __repr__(self) -> str:
        """No more of it than a receipt has."""
        return f"Card(…{self.number[-4:]})"


class Charge(NamedTuple):
    """What a gateway is asked to move.

    `reference` is ours, and the same for the same attempt: the gateway does not do twice what it was asked under
    one. `method` is its own name for the card.
    """

    reference: str
    amount: Money
    method: str = ""
    is_buyer_present: bool = True


class Outcome(NamedTuple):
    """What a gateway answered: `pending` is authorised and not yet captured."""

    status: str
    identifier: str
    response: dict[str, str]


class Taken(NamedTuple):
    """A payment that was taken, as the gateway knows it."""

    identifier: str
    method: str
    amount: Money
    at: datetime


class Dispute(NamedTuple):
    """Money of a payment that the buyer's bank took back. Without an amount it is all that was not given back."""

    identifier: str
    payment_identifier: str
    reason: str
    amount: Money | None = None


class Gateway(Protocol):
    """One through whom money moves. What is asked of it may come back as GatewaySilent: nobody knows."""

    @property
    def name(self) -> str:
        """What its transactions and its clearing account are called after."""

    @property
    def is_remote(self) -> bool:
        """Whether asking it takes time, so that no transaction may wait for it."""

    @property
    def disputed_methods(self) -> frozenset[str]:
        """The cards whose payments it will dispute, where that is known beforehand: of a sandbox."""

    def tokenise(self, card: Card) -> str:
        """Take a card into keeping and give the name it has here. Refuses: CardRefused, NoCards."""

    def authorise(self, charge: Charge) -> Outcome:
        """Ask for money: pending when it is promised, success when it is already there, or fail."""

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        """Take money that was promised: success or fail."""

    def void(self, charge: Charge, identifier: str) -> Outcome:
        """Let go of money that was promised: success or fail."""

    def refund(self, charge: Charge, identifier: str) -> Outcome:
        """Give money of a payment back: success or fail."""

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        """What became of something asked before, by its reference; None when it never arrived."""

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:
        """What its fraud review of a payment of this age says: `pass`, `fail`, or None as long as it goes on."""

    def disputes(self, known: Sequence[Taken]) -> Sequence[Dispute]:
        """What buyers' banks took back of late; `known` are the payments by the disputed methods."""


Gateways = Callable[[str], Gateway]
