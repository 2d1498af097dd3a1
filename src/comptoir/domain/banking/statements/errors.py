"""What is refused about statements."""

from comptoir.domain.errors import Conflict, NotFound


class StatementNotFound(NotFound):
    """The customer has no statement of this id."""

    thing = "statement"


class PeriodNotOver(Conflict):
    """The period is not over yet, so nothing final can be said of it."""
