"""What the card network asks, as callers write it: the message, where it comes from, and how it is declined."""

from collections.abc import Callable
from typing import Any, NamedTuple

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.refusals import Fields, Refusal, Refusals, Said, filled, saying
from comptoir.dialects.corepro.replies import failed, money
from comptoir.dialects.corepro.shapes import TEXT, an_object
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import (
    AccessMissing,
    AccountLocked,
    AccountNotOpen,
    BankAccountNotFound,
)
from comptoir.domain.banking.cards.authorising import TooMuchUndone
from comptoir.domain.banking.cards.errors import (
    AccountNotTied,
    CardUnusable,
    ControlDeclines,
    LimitReached,
)
from comptoir.domain.banking.cards.messages import (
    DepositRefused,
    Message,
    MessageTagTaken,
    TargetNotFound,
    TargetNotOpen,
)
from comptoir.domain.banking.cards.telling import (
    BY_ACCOUNT,
    BY_CARD,
    BY_FUNDS,
    BY_LIMIT,
    BY_LOCKED_ACCOUNT,
    BY_RULE,
    note_decline,
)
from comptoir.domain.banking.movements.errors import AlreadySo, TransactionLocked, TransactionNotFound
from comptoir.domain.banking.movements.moving import Moved
from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.errors import AccountClosed, InsufficientFunds
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import Tx, savepoint

TEXT_MAX, CODE_MAX = 255, 50
# The names of a merchant, ours and the wire's (3.9).
MERCHANT = {
    "city": "city", "country": "country", "location": "location", "state": "state", "zip": "zip",
    "id": "merchantId", "group_code": "merchantGroupCode",
}  # fmt: skip
MERCHANT_SHAPE = an_object(dict.fromkeys(MERCHANT.values(), TEXT))
# A payment that is declined is an event of its own; everything else that is wrong is the caller's affair.
DECLINES: dict[type[ComptoirError], Refusal | int] = {
    InsufficientFunds: Refusal(BY_FUNDS, "Insufficient funds in source account: available balance is {available}, "
                                         "requested amount is {wanted}."),
    TargetNotOpen: 70302,
    AccountNotOpen: BY_ACCOUNT,
    AccountClosed: BY_ACCOUNT,
    AccountLocked: BY_LOCKED_ACCOUNT,
    CardUnusable: BY_CARD,
    ControlDeclines: BY_RULE,
    LimitReached: BY_LIMIT,
}  # fmt: skip
WORDS: Refusals = {
    **DECLINES,
    BankAccountNotFound: Refusal(70200, "Invalid source account id {account_id}."),
    AccessMissing: 63502,
    TargetNotFound: 70300,
    DepositRefused: 70301,
    AccountNotTied: 150701,
    MessageTagTaken: 63660,
    TransactionNotFound: 191401,
    AlreadySo: 191403,
    TransactionLocked: 191402,
    TooMuchUndone: 191402,
}
FIELDS: Fields = {"amount_minor": Refusal(70205, "Amount must be above zero.")}
SAID_CODES = (60001, 63502, 63660, 70200, 70205)
DECLINED_CODES = (BY_RULE, BY_ACCOUNT, BY_FUNDS, BY_LIMIT, BY_LOCKED_ACCOUNT, BY_CARD)


class Balances(NamedTuple):
    """How an account stands."""

    account: str
    available: str
    pending: str


OWN = Balances("accountBalance", "availableBalance", "pendingBalance")
TARGET = Balances("transferToAccountBalance", "transferToAvailableBalance", "transferToPendingBalance")


def done(call: Call, message: Message, work: Callable[[], Moved]) -> Moved | Reply:
    """What came of a message, or how it was declined: that is noted, and kept although nothing moves."""
    try:
        with saying(WORDS, FIELDS), savepoint(call.tx):
            return work()
    except Said as said:
        cause = said.__cause__
        kind = next((each for each in DECLINES if isinstance(cause, each)), None)
        if kind is None or not isinstance(cause, ComptoirError):
            raise
        note_decline(call.tx, message, said.refusals[0].code)
        return failed(_worded(cause, kind))


def _worded(cause: ComptoirError, kind: type[ComptoirError]) -> Refusal:
    if isinstance(cause, InsufficientFunds):
        facts = {"available": money(cause.available_minor), "wanted": money(cause.wanted_minor)}
        words = "Insufficient funds in source account: available balance is {available}, requested amount is {wanted}."
        return Refusal(BY_FUNDS, words.format(**facts))
    return filled(DECLINES[kind], cause)


def amount_of(asked: Asked, *names: str) -> int:
    """The first amount that is said under these names, 0 for none."""
    amounts = [asked.money(name) for name in names]
    return next((amount for amount in amounts if amount is not None), 0)


def code_of(asked: Asked, name: str) -> str:
    """A code of the network's."""
    return (asked.text(name, most=CODE_MAX) or "").strip()


def merchant_of(asked: Asked) -> dict[str, str]:
    """Who is paid, as far as it is said."""
    child = asked.child("cardMerchantInfo")
    if child is None:
        return {}
    said = {name: child.text(wire, most=TEXT_MAX) for name, wire in MERCHANT.items()}
    return {name: value for name, value in said.items() if value}


def balances(tx: Tx, account_id: int | None, names: Balances) -> dict[str, Any]:
    """How an account stands now, under these names."""
    if account_id is None:
        return {}
    standing = get_account(tx, account_id)
    return {
        names.account: money(standing.balance_minor),
        names.available: money(standing.available_minor),
        names.pending: money(standing.pending_in_minor),
    }
