"""What the payouts room refuses.

ComptoirError
├─ NotFound
│  └─ PayoutNotFound  no payout has this id
└─ Conflict
   └─ NotPaidOut      the payout has not left, or was called back already
"""

from comptoir.domain.errors import Conflict, NotFound


class PayoutNotFound(NotFound):
    """No payout has this id."""

    thing = "payout"


class NotPaidOut(Conflict):
    """The payout has not left, or was called back already."""

    def __init__(self, payout_id: int, state: str) -> None:
        super().__init__(f"payout {payout_id} is {state}")
        self.payout_id = payout_id
        self.state = state
