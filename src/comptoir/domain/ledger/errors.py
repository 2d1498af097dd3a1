"""What the ledger refuses.

ComptoirError
├─ NotFound
│  ├─ AccountNotFound, TransferNotFound, HoldNotFound
├─ Conflict
│  ├─ TagAlreadyUsed       the tag names another transfer
│  ├─ AccountCodeTaken     another account of the currency has the code
│  ├─ AccountClosed        nothing may move on it any more
│  ├─ AccountNotEmpty      it cannot be closed while money is or will be on it
│  ├─ InsufficientFunds    less is available than is to leave
│  ├─ NotPending           the transfer is already posted or voided
│  ├─ NotPosted            only a posted transfer can be reversed
│  ├─ AlreadyReversed      it has been reversed before
│  └─ HoldEnded            the hold was released or captured
└─ Invalid
   └─ Unbalanced           the postings of a currency do not sum to zero
"""

from comptoir.domain.errors import Conflict, Invalid, NotFound
from comptoir.domain.money import decimal_of_minor


class AccountNotFound(NotFound):
    """No account has this id, or this code in this currency."""

    thing = "account"


class TransferNotFound(NotFound):
    """No transfer has this id."""

    thing = "transfer"


class HoldNotFound(NotFound):
    """No hold has this id."""

    thing = "hold"


class TagAlreadyUsed(Conflict):
    """The tag names a transfer with other content."""

    def __init__(self, tag: str, transfer_id: int) -> None:
        super().__init__(f"tag {tag!r} is that of transfer {transfer_id}, which is another one")
        self.tag = tag
        self.transfer_id = transfer_id


class AccountCodeTaken(Conflict):
    """Another account of the currency has the code."""

    def __init__(self, code: str, currency: str) -> None:
        super().__init__(f"there is already an account {code!r} in {currency}")
        self.code = code
        self.currency = currency


class AccountClosed(Conflict):
    """Nothing may move on a closed account."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account {account_id} is closed")
        self.account_id = account_id


class AccountNotEmpty(Conflict):
    """An account cannot be closed while money is, will be or is held on it."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account {account_id} is not empty")
        self.account_id = account_id


class InsufficientFunds(Conflict):
    """Less is available on the account than is to leave it."""

    def __init__(self, account_id: int, *, available_minor: int, wanted_minor: int, currency: str) -> None:
        available, wanted = (decimal_of_minor(minor, currency) for minor in (available_minor, wanted_minor))
        super().__init__(
            f"account {account_id} has {available} {currency} available, and {wanted} {currency} is wanted"
        )
        self.account_id = account_id
        self.available_minor = available_minor
        self.wanted_minor = wanted_minor


class NotPending(Conflict):
    """Only a pending transfer can be posted or voided."""

    def __init__(self, transfer_id: int, state: str) -> None:
        super().__init__(f"transfer {transfer_id} is {state}")
        self.transfer_id = transfer_id
        self.state = state


class NotPosted(Conflict):
    """Only a posted transfer can be reversed."""

    def __init__(self, transfer_id: int, state: str) -> None:
        super().__init__(f"transfer {transfer_id} is {state}")
        self.transfer_id = transfer_id
        self.state = state


class AlreadyReversed(Conflict):
    """The transfer has been reversed before, by another one."""

    def __init__(self, transfer_id: int, by_id: int) -> None:
        super().__init__(f"transfer {transfer_id} was reversed by transfer {by_id}")
        self.transfer_id = transfer_id
        self.by_id = by_id


class HoldEnded(Conflict):
    """The hold was released or captured before."""

    def __init__(self, hold_id: int, state: str) -> None:
        super().__init__(f"hold {hold_id} is {state}")
        self.hold_id = hold_id
        self.state = state


class Unbalanced(Invalid):
    """The postings of one currency do not sum to zero."""

    def __init__(self, currency: str, sum_minor: int) -> None:
        super().__init__("postings", f"sum to {sum_minor} in {currency}, not to zero")
        self.currency = currency
        self.sum_minor = sum_minor
