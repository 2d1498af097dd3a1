"""What the payments room refuses.

ComptoirError
├─ NotFound
│  └─ PaymentNotFound       no payment transaction has this id
├─ Conflict
│  ├─ PaymentSettled        it is no longer pending
│  ├─ PaymentUnsettled      nothing came in by it, so nothing can be taken back
│  ├─ NothingOwed           the order has been paid, or is owed by nobody
│  ├─ NothingToReturn       no more came in for the order than it comes to
│  ├─ NotCapturable         the invoice's money cannot be taken, or not yet
│  ├─ AuthorisationTooSoon  it was authorised less than a day ago
│  ├─ AuthorisationTooLate  its money was taken, or will never be
│  ├─ AuthorisationFailed   the gateway would not
│  ├─ AttemptInFlight       the gateway is being asked just now
│  ├─ AttemptEnded          what came of it has been written down
│  ├─ AttemptKeyReused      the key belongs to another attempt
│  ├─ AttemptUnclaimed      nobody knows what its answer means
│  ├─ GatewaySilent         it was asked, and nobody knows what came of it
│  └─ NoCards               the gateway takes none
├─ Forbidden
│  └─ TokenRefused          the token is unknown, was used, or is too old
└─ Invalid
   ├─ CardRefused           the card cannot be one, or the gateway does not take it
   ├─ MoreThanOwed          more money than is owed, and nobody said that the rest is kept for the customer
   └─ MoreThanReturnable    more than came in beyond what the order comes to, or than its payment has left
"""

from comptoir.domain.errors import Conflict, Forbidden, Invalid, NotFound
from comptoir.domain.money import Money


class PaymentNotFound(NotFound):
    """No payment transaction has this id."""

    thing = "payment transaction"


class PaymentSettled(Conflict):
    """The payment has succeeded or failed before."""

    def __init__(self, payment_id: int, status: str) -> None:
        super().__init__(f"payment transaction {payment_id} is {status}")
        self.payment_id = payment_id
        self.status = status


class PaymentUnsettled(Conflict):
    """Nothing came in by the payment, so nothing can be taken back."""

    def __init__(self, payment_id: int, status: str) -> None:
        super().__init__(f"payment transaction {payment_id} is {status}")
        self.payment_id = payment_id
        self.status = status


class NothingOwed(Conflict):
    """The order has been paid, or is owed by nobody."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"nothing is owed for order {order_id}")
        self.order_id = order_id


class NothingToReturn(Conflict):
    """No more came in for the order than it comes to, or it went back before."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"no more came in for order {order_id} than it comes to")
        self.order_id = order_id


class NotCapturable(Conflict):
    """The invoice's money cannot be taken, or not yet."""

    def __init__(self, order_id: int, reason: str) -> None:
        super().__init__(f"invoice {order_id} {reason}")
        self.order_id = order_id
        self.reason = reason


class AuthorisationTooSoon(Conflict):
    """The invoice was authorised less than a day ago."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"invoice {order_id} was authorised less than a day ago")
        self.order_id = order_id


class AuthorisationTooLate(Conflict):
    """The invoice's money was taken, or will never be."""

    def __init__(self, order_id: int, status: str) -> None:
        super().__init__(f"invoice {order_id} is {status}")
        self.order_id = order_id
        self.status = status


class AuthorisationFailed(Conflict):
    """The gateway would not authorise the money again."""

    def __init__(self, order_id: int, reason: str) -> None:
        super().__init__(f"invoice {order_id} was not authorised: {reason}")
        self.order_id = order_id
        self.reason = reason


class AttemptInFlight(Conflict):
    """The gateway is being asked under this key just now, or nobody knows yet what came of it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the gateway is being asked under {key!r}")
        self.key = key


class AttemptEnded(Conflict):
    """What came of the attempt has been written down."""

    def __init__(self, attempt_id: int, state: str) -> None:
        super().__init__(f"gateway attempt {attempt_id} is {state}")
        self.attempt_id = attempt_id
        self.state = state


class AttemptKeyReused(Conflict):
    """The key belongs to another attempt."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r} was used for something else")
        self.key = key


class AttemptUnclaimed(Conflict):
    """Nobody here knows what the attempt's answer means for its subject."""

    def __init__(self, attempt_id: int, subject: str) -> None:
        super().__init__(f"nobody concludes gateway attempt {attempt_id} about a {subject}")
        self.attempt_id = attempt_id
        self.subject = subject


class GatewaySilent(Conflict):
    """The gateway was asked, and nobody knows what came of it; it is looked up later."""

    def __init__(self, gateway: str, reference: str, problem: str = "gave no answer") -> None:
        super().__init__(f"the gateway {gateway} {problem} ({reference})")
        self.gateway = gateway
        self.reference = reference


class NoCards(Conflict):
    """The gateway takes no cards."""

    def __init__(self, gateway: str) -> None:
        super().__init__(f"the gateway {gateway} takes no cards")
        self.gateway = gateway


class TokenRefused(Forbidden):
    """The token is unknown, was used, or is too old; which of them nobody is told."""

    def __init__(self) -> None:
        super().__init__("the card token is not valid")


class CardRefused(Invalid):
    """The card cannot be one, or the gateway does not take it."""


class MoreThanOwed(Invalid):
    """More money than is owed, and nobody said that the rest is kept for the customer."""

    def __init__(self, owed: Money) -> None:
        super().__init__("amount", f"is more than is owed, which is {owed}")
        self.owed = owed


class MoreThanReturnable(Invalid):
    """More than came in beyond what the order comes to, or than is left of the payment it would go back by."""

    def __init__(self, left: Money) -> None:
        super().__init__("amount", f"is more than can be given back, which is {left}")
        self.left = left
