"""What the explaining room refuses.

ComptoirError
├─ NotFound
│  └─ NotExplained  there is no such amount
└─ Conflict
   └─ TooFarBack    so many movements lie on both sides of this one that its balance is not reckoned
"""

from comptoir.domain.errors import Conflict, NotFound


class NotExplained(NotFound):
    """There is no such amount."""

    thing = "amount"


class TooFarBack(Conflict):
    """So many movements lie on both sides of this one that its balance is not reckoned."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(f"posting {posting_id} is too far back to reckon the balance there")
        self.posting_id = posting_id
