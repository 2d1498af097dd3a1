"""What identity refuses.

KeyUnknown        no such key, or its time is over, or it may not be used from there
LoginRefused      wrong name or password, or the operator is not active
OperatorNotFound
KeyNotFound
"""

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class KeyUnknown(Forbidden):
    """No key speaks for this request."""


class LoginRefused(Forbidden):
    """Name and password do not fit an active operator."""


class ScopeMissing(Forbidden):
    """The key does not cover this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the key lacks the scope {scope}")
        self.scope = scope


class OperatorNotFound(NotFound):
    """No operator has this id or e-mail address."""

    thing = "operator"


class KeyNotFound(NotFound):
    """No API key has this id."""

    thing = "API key"


class EmailTaken(Conflict):
    """Another operator has this e-mail address."""
