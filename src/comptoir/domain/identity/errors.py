"""What identity refuses.

Forbidden
├─ KeyUnknown         no such key, or its time is over, or it may not be used from there
├─ LoginRefused       wrong name or password, or the operator is not active
│  └─ LoginThrottled  too many failed logins, for a while
└─ ScopeMissing       the key's scopes or its operator's role do not allow this
NotFound
├─ OperatorNotFound
├─ KeyNotFound
├─ ApiUserNotFound
└─ SessionNotFound
Conflict
├─ EmailTaken         another operator or an API user has this e-mail address
├─ ApiUserTaken       another API user or an operator has this name
├─ KeyTaken           another key has this value
├─ KeyOver            the key is revoked or expired already
├─ FactorOn           the second factor is on already
├─ FactorOff          the second factor is off
├─ FactorNotBegun     no second factor waits to be confirmed
├─ LastOwner          nobody would be left who may let others in
├─ NotASandbox        only a sandbox shop's clock can be set
├─ ClockMovesBack     a clock only goes forward
└─ ClockNotFrozen     the clock runs already
"""

from datetime import datetime

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class KeyUnknown(Forbidden):
    """No key speaks for this request."""


class LoginRefused(Forbidden):
    """Name and password do not fit an active operator."""


class LoginThrottled(LoginRefused):
    """Too many logins have failed; none is tried until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many failed logins; try again after {until.isoformat()}")
        self.until = until


class ScopeMissing(Forbidden):
    """The key, or whoever asks, may not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"the permission {permission} is missing")
        self.permission = permission


class OperatorNotFound(NotFound):
    """No operator has this id or e-mail address."""

    thing = "operator"


class KeyNotFound(NotFound):
    """No API key has this id."""

    thing = "API key"


class ApiUserNotFound(NotFound):
    """No living API user has this name."""

    thing = "API user"


class SessionNotFound(NotFound):
    """The operator has no session of this number, or it has ended."""

    thing = "session"


class EmailTaken(Conflict):
    """Another operator or an API user has this e-mail address."""


class ApiUserTaken(Conflict):
    """Another API user or an operator has this name."""


class KeyTaken(Conflict):
    """Another key has this value."""


class KeyOver(Conflict):
    """The key is revoked or expired already."""


class FactorOn(Conflict):
    """The second factor is on already."""


class FactorOff(Conflict):
    """The second factor is off."""


class FactorNotBegun(Conflict):
    """No second factor waits to be confirmed."""


class LastOwner(Conflict):
    """Nobody would be left who may let others in."""


class NotASandbox(Conflict):
    """Only a sandbox shop's clock can be set."""


class ClockMovesBack(Conflict):
    """A clock only goes forward; what is dated would contradict itself otherwise."""


class ClockNotFrozen(Conflict):
    """The clock runs already."""
