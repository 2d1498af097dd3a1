"""What is refused when money is to move.

ComptoirError
├─ TransactionNotFound   no such transaction, or not one of this customer
├─ TransferRefused       a transfer breaks rules: all those that were found together
├─ TransactionLocked     its status allows no such change any more
│  └─ AlreadySo          it has that status already
├─ NotAWithdrawal        only withdrawals that the API began can be delayed
├─ AlreadyReturned       it was returned before
├─ DateRefused           funds cannot become available on that day
├─ FeeNotFound           no such fee was charged
└─ NotADeposit, AlreadyAvailable   nothing waits for its day
"""

from enum import StrEnum
from typing import NamedTuple

from comptoir.domain.errors import Conflict, NotFound


class Reason(StrEnum):
    """Which rule a transfer breaks; in the order of reference 4.1."""

    SOURCE = "source"
    DESTINATION = "destination"
    PEER_TO_PEER = "peer_to_peer"
    SOURCE_INACTIVE = "source_inactive"
    SOURCE_FROZEN = "source_frozen"
    SOURCE_UNVERIFIED = "source_unverified"
    SOURCE_LOCKED = "source_locked"
    DESTINATION_CLOSED = "destination_closed"
    DESTINATION_NOT_OPEN = "destination_not_open"
    DESTINATION_LOCKED = "destination_locked"
    KINDS = "kinds"
    INTERNAL = "internal"
    WITHDRAW_ACCESS = "withdraw_access"
    REQUESTER = "requester"
    DEPOSIT_ACCESS = "deposit_access"
    WITHDRAW_RANGE = "withdraw_range"
    DEPOSIT_RANGE = "deposit_range"
    DEPOSIT_CAP = "deposit_cap"
    WITHDRAW_PER_DAY = "withdraw_per_day"
    WITHDRAW_PER_MONTH = "withdraw_per_month"
    DEPOSIT_PER_DAY = "deposit_per_day"
    DEPOSIT_PER_MONTH = "deposit_per_month"
    CUSTOMER_PER_DAY = "customer_per_day"
    CUSTOMER_PER_MONTH = "customer_per_month"
    PROGRAM_WITHDRAW_PER_DAY = "program_withdraw_per_day"
    PROGRAM_DEPOSIT_PER_DAY = "program_deposit_per_day"
    CUSTOMER_BALANCE = "customer_balance"
    ACCOUNT_BALANCE = "account_balance"
    FUNDS = "funds"
    SAME_DAY_LATE = "same_day_late"
    SAME_DAY_LARGE = "same_day_large"
    SAME_DAY_UNKNOWN = "same_day_unknown"
    SAME_DAY_CLOSED = "same_day_closed"
    SAME_DAY_LARGE_BUSINESS = "same_day_large_business"
    WITHDRAWAL_COUNT = "withdrawal_count"
    TAG = "tag"
    WORDS = "words"


class Problem(NamedTuple):
    """One rule that a transfer breaks, and a sentence about it."""

    reason: Reason
    words: str


class TransactionNotFound(NotFound):
    """There is no such transaction."""

    thing = "transaction"


class FeeNotFound(NotFound):
    """No such fee was charged."""

    thing = "fee"


class TransferRefused(Conflict):
    """The transfer breaks rules; `problems` are those that could be told at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.words for problem in problems))
        self.problems = problems


class TransactionLocked(Conflict):
    """Its status allows no such change any more."""

    def __init__(self, transaction_id: int | str, status: str) -> None:
        super().__init__(f"transaction {transaction_id} is {status}")
        self.status = status


class AlreadySo(TransactionLocked):
    """It has that status already."""


class NotAWithdrawal(Conflict):
    """Only withdrawals that were begun through the API can be delayed or voided by their status."""

    def __init__(self, type_code: str) -> None:
        super().__init__(f"transaction is of type {type_code}, not CPWTH")


class NothingWaits(Conflict):
    """Transfers to other banks settle at once in this program: none can be delayed."""

    def __init__(self) -> None:
        super().__init__("the program sends no bank files: no transfer waits")


class AlreadyReturned(Conflict):
    """The other bank has returned it before."""

    def __init__(self, transfer_id: int, return_code: str) -> None:
        super().__init__(f"transfer {transfer_id} was returned before, with {return_code}")
        self.return_code = return_code


class NotADeposit(Conflict):
    """Only what was deposited from another bank can wait for its day."""

    def __init__(self, type_code: str) -> None:
        super().__init__(f"transaction is of type {type_code}, not a deposit from another bank")


class AlreadyAvailable(Conflict):
    """What was deposited is available already."""

    def __init__(self, transaction_id: int) -> None:
        super().__init__(f"funds of transaction {transaction_id} are available already")


class DateRefused(Conflict):
    """Funds cannot become available on that day. `why` is past, settlement or hold_days."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why
