"""What comes of a renewal."""

from typing import NamedTuple

from comptoir.domain.payments.attempts import Attempt

RENEWED, REFUSED, GIVEN_UP, COMPLETED, POSTPONED = "renewed", "declined", "given_up", "completed", "postponed"
# A gateway is to be asked, or is being asked: what comes of it is known later.
ASKED = "asked"


class Renewal(NamedTuple):
    """What came of a renewal. With an attempt, its gateway is to be asked once the transaction has ended."""

    enrolment_id: int
    outcome: str
    order_id: int | None = None
    payment_id: int | None = None
    attempt: Attempt | None = None
