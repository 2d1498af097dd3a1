"""What the subscriptions room refuses.

ComptoirError
├─ NotFound
│  ├─ SubscriptionNotFound  no plan has this id
│  └─ EnrolmentNotFound     no enrolment has this id
└─ Conflict
   ├─ SubscriptionClosed    nobody is enrolled on the plan any more
   ├─ EnrolmentEnded        the enrolment is over
   ├─ NotDue                there is nothing to bill yet
   ├─ NoMethod              no card is kept that a gateway far away could be asked for money with
   ├─ NotRecurring          the line item does not bill itself again, or no longer
   ├─ StillRecurring        it does already
   ├─ NotByCard             what PayPal pays cannot be changed from here
   └─ PriceNotLower         a recurring price is only ever lowered
"""

from datetime import datetime

from comptoir.domain.errors import Conflict, NotFound


class SubscriptionNotFound(NotFound):
    """No plan has this id."""

    thing = "subscription"


class EnrolmentNotFound(NotFound):
    """No enrolment has this id."""

    thing = "enrolment"


class SubscriptionClosed(Conflict):
    """Nobody is enrolled on the plan any more, and nothing is billed for it."""


class EnrolmentEnded(Conflict):
    """The enrolment is over."""


class NotDue(Conflict):
    """There is nothing to bill yet."""

    def __init__(self, enrolment_id: int, due_at: datetime | None) -> None:
        when = "never" if due_at is None else f"at {due_at.isoformat()}"
        super().__init__(f"enrolment {enrolment_id} is due {when}")
        self.due_at = due_at


class NoMethod(Conflict):
    """Only what began with a checkout has a card that a gateway far away can be asked for money with."""

    def __init__(self, enrolment_id: int, gateway: str) -> None:
        super().__init__(f"no card at the gateway {gateway} is kept for enrolment {enrolment_id}")
        self.enrolment_id = enrolment_id
        self.gateway = gateway


class NotRecurring(Conflict):
    """The line item does not bill itself again: it never did, was stopped or completed, or a later one does."""

    def __init__(self, order_line_id: int) -> None:
        super().__init__(f"line item {order_line_id} is not scheduled to recur")
        self.order_line_id = order_line_id


class StillRecurring(Conflict):
    """The line item bills itself again already."""

    def __init__(self, order_line_id: int) -> None:
        super().__init__(f"line item {order_line_id} is scheduled to recur already")
        self.order_line_id = order_line_id


class NotByCard(Conflict):
    """What PayPal pays cannot be changed from here."""

    def __init__(self, order_line_id: int) -> None:
        super().__init__(f"line item {order_line_id} is not paid by card")
        self.order_line_id = order_line_id


class PriceNotLower(Conflict):
    """The buyer agreed to a price; without asking it is only ever lowered."""

    def __init__(self, order_line_id: int) -> None:
        super().__init__(f"the new price of line item {order_line_id} is not lower than the present one")
        self.order_line_id = order_line_id
