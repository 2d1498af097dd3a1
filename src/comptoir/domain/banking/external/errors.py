"""What is refused about accounts at other banks.

NotFound   ExternalAccountNotFound
Invalid    ExternalAccountFaulty (everything that is wrong with one, at once)
Conflict   VerificationNotNeeded · VerificationNeeded · AddingDisabled · TooManyExternalAccounts ·
           TooManyArchivals · NoVerificationFunds
           VerificationRefused (by the status) · VerificationOver · NotVerified · NotArchivable
           LockedAlready · UnlockedAlready · LockedByBank · ExternalAccountLocked
           CustomerBusy · ExternalAccountBusy
Forbidden  RequesterRefused
"""

from datetime import datetime
from typing import NamedTuple

from comptoir.domain.errors import Conflict, Forbidden, NotFound, Problems


class ExternalAccountNotFound(NotFound):
    """The customer has no such account at another bank."""

    def __init__(self, key: int | str) -> None:
        super().__init__(key)
        self.args = (f"external account id {key} is invalid",)


class Fault(NamedTuple):
    """One thing that is wrong with an external account: its kind, the field, and the problem in words."""

    kind: str
    field: str
    problem: str


class ExternalAccountFaulty(Problems):
    """An external account cannot be as it was asked for: everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__([(fault.field, fault.problem) for fault in faults])
        self.faults = tuple(faults)


class RequesterRefused(Forbidden):
    """The person who asks may not act for this customer."""

    def __init__(self, requester_id: int) -> None:
        super().__init__(f"requesting customer id {requester_id} is not permitted")


class VerificationNotNeeded(Conflict):
    """This program takes external accounts as they are."""

    def __init__(self) -> None:
        super().__init__("external account verification is not required by the program: use create")


class VerificationNeeded(Conflict):
    """This program takes external accounts only once they are verified."""

    def __init__(self) -> None:
        super().__init__("external account verification is required by the program: use initiate")


class AddingDisabled(Conflict):
    """Customers of this program have no external accounts of their own."""

    def __init__(self) -> None:
        super().__init__("creation of external accounts is disabled")


class TooManyExternalAccounts(Conflict):
    """The customer has as many as the program allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"customer may have at most {limit} external accounts")
        self.limit = limit


class TooManyArchivals(Conflict):
    """The customer has archived as many today as the program allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"daily limit of {limit} archived external accounts is reached")
        self.limit = limit


class NoVerificationFunds(Conflict):
    """The program has no account, or not enough in it, that trial deposits could come from."""

    def __init__(self) -> None:
        super().__init__("no verification funds account is configured, or it holds too little")


class VerificationRefused(Conflict):
    """Its status says that it cannot be verified, or not any more."""

    def __init__(self, status: str) -> None:
        super().__init__(f"external account has status {status}")
        self.status = status


class VerificationOver(Conflict):
    """The time in which it could be verified is over."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"verification period expired on {expired_at.date().isoformat()}")
        self.expired_at = expired_at


class NotVerified(Conflict):
    """Only a verified external account can be used like this."""

    def __init__(self, status: str) -> None:
        super().__init__(f"external account has status {status}, not Verified")
        self.status = status


class NotArchivable(Conflict):
    """An external account of this status has come to its end already."""

    def __init__(self, status: str) -> None:
        super().__init__(f"external account has status {status} and cannot be archived")
        self.status = status


class ExternalAccountBusy(Conflict):
    """Money is on its way from or to this external account."""

    def __init__(self, external_account_id: int) -> None:
        super().__init__(f"external account {external_account_id} has outstanding transactions")


class CustomerBusy(Conflict):
    """The customer still has money here, or some on its way."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"customer {customer_id} has a pending transaction or an account that is not empty")


class ExternalAccountLocked(Conflict):
    """It is locked: nothing about it may be changed."""

    def __init__(self, external_account_id: int) -> None:
        super().__init__(f"external account {external_account_id} is locked")


class LockedAlready(Conflict):
    """It is locked already."""


class UnlockedAlready(Conflict):
    """It is not locked."""


class LockedByBank(Conflict):
    """The bank has locked it: only the bank unlocks it."""
