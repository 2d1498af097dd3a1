"""What the subscriptions room refuses.

ComptoirError
├─ NotFound
│  ├─ SubscriptionNotFound  no plan has this id
│  └─ EnrolmentNotFound     no enrolment has this id
└─ Conflict
   ├─ SubscriptionClosed    nobody is enrolled on the plan any more
   ├─ EnrolmentEnded        the enrolment is over
   └─ NotDue                there is nothing to bill yet
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
