"""What is refused about deposit accounts (reference 3.4.8).

ComptoirError
├─ NotFound
│  └─ BankAccountNotFound
├─ Forbidden
│  ├─ AccessMissing          the customer may not do this with the account
│  └─ AccessRefused          an access cannot be given or taken like this
├─ Conflict
│  ├─ AccountLocked          nothing moves on it, or credits only
│  ├─ AccountNotOpen         it is not open yet, or not any more
│  ├─ LockRefused            it cannot be locked like this
│  ├─ UnlockRefused          it cannot be unlocked by whom asks
│  ├─ HoldRefused            money cannot be held on it like this
│  ├─ HoldMissing            no money is held on it
│  ├─ CloseRefused           it cannot be closed like this
│  ├─ LimitRefused           its limits cannot be set like this
│  ├─ StopRefused            payments cannot be stopped like this
│  ├─ EntitlementRefused     nobody can be entitled to it like this
│  └─ BeneficiaryRefused     nobody can be named its beneficiary like this
└─ Invalid
   └─ AccountFaulty          everything that keeps an account from being as it was asked for
"""

from typing import NamedTuple

from comptoir.domain.errors import Conflict, Forbidden, NotFound, Problems


class BankAccountNotFound(NotFound):
    """No deposit account has this id."""

    def __init__(self, account_id: int | None) -> None:
        super().__init__(account_id or 0)
        self.account_id = account_id or 0
        self.args = (f"account id {self.account_id} is invalid",)


class AccessMissing(Forbidden):
    """The customer has not the access to the account that this needs."""

    def __init__(self, account_id: int, customer_id: int, wanted: str) -> None:
        super().__init__(f"customer {customer_id} does not have {wanted} access to account {account_id}")
        self.account_id = account_id
        self.customer_id = customer_id
        self.wanted = wanted


class AccessRefused(Forbidden):
    """An access cannot be given or taken like this; the kind says why."""

    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind


class AccountLocked(Conflict):
    """The account is locked: nothing moves on it, or credits only."""

    def __init__(self, account_id: int, reason: str) -> None:
        super().__init__(f"account {account_id} is locked ({reason})")
        self.account_id = account_id
        self.reason = reason


class AccountNotOpen(Conflict):
    """The account is not open yet, or not any more."""

    def __init__(self, account_id: int, status: str) -> None:
        super().__init__(f"account {account_id} is {status}")
        self.account_id = account_id
        self.status = status


class Refused(Conflict):
    """Something cannot be done like this; the kind says why."""

    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind


class LockRefused(Refused):
    """The account cannot be locked like this."""


class UnlockRefused(Refused):
    """The account cannot be unlocked by whom asks."""


class HoldRefused(Refused):
    """Money cannot be held on the account like this."""


class HoldMissing(Conflict):
    """No money is held on the account."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"no hold is pending on account {account_id}")
        self.account_id = account_id


class CloseRefused(Refused):
    """The account cannot be closed like this."""


class LimitRefused(Refused):
    """The limits of the account cannot be set like this."""


class StopRefused(Refused):
    """Payments of cheques cannot be stopped like this."""


class EntitlementRefused(Refused):
    """Nobody can be entitled to the account like this."""


class BeneficiaryRefused(Refused):
    """Nobody can be named a beneficiary of the account like this."""


class Fault(NamedTuple):
    """One thing that is wrong with an account: its kind, the field, and the problem in words."""

    kind: str
    field: str
    problem: str


class AccountFaulty(Problems):
    """An account cannot be as it was asked for: everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__([(fault.field, fault.problem) for fault in faults])
        self.faults = tuple(faults)


def refuse_faulty(faults: list[Fault]) -> None:
    """Refuses: AccountFaulty, when anything is wrong."""
    if faults:
        raise AccountFaulty(faults)
