"""What the explaining room refuses.

ComptoirError
└─ NotFound
   └─ NotExplained  there is no such amount
"""

from comptoir.domain.errors import NotFound


class NotExplained(NotFound):
    """There is no such amount."""

    thing = "amount"
