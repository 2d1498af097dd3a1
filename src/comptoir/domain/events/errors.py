"""What the events room refuses.

ComptoirError
└─ NotFound
   └─ EventNotFound   nothing happened under this number
"""

from comptoir.domain.errors import NotFound


class EventNotFound(NotFound):
    """Nothing happened under this number, or not yet."""

    thing = "event"
