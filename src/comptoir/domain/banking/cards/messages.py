"""A message of the card network, and whether it is granted (reference 3.13): a request may be declined, an advice not.

What a network asks with names a customer's account; the card is said by some, and found for the others.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.errors import AccountNotOpen, BankAccountNotFound
from comptoir.domain.banking.accounts.models import AUTHSIGNER, FULL, NONE
from comptoir.domain.banking.accounts.queries import (
    ACCESS_RANKS,
    BankAccountRow,
    access_of,
    get_bank_account,
    refuse_locked,
    refuse_not_open,
    require_access,
)
from comptoir.domain.banking.cards.controls import Use, refuse_controlled
from comptoir.domain.banking.cards.errors import AccountNotTied, CardUnusable
from comptoir.domain.banking.cards.kinds import Kind, kind_of
from comptoir.domain.banking.cards.limits import refuse_beyond
from comptoir.domain.banking.cards.models import UNLOCKED
from comptoir.domain.banking.cards.queries import (
    GET_CARD,
    CardRow,
    is_tied,
    list_cards_on,
    list_ties,
    take_card,
)
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.errors import Conflict, Forbidden, Invalid, NotFound
from comptoir.domain.ledger.transfers import POSTING_MINOR_MAX
from comptoir.domain.tx import Tx

TARGET = "transfer_to_account_id"

TAG_TAKEN = select(BankTransfer.transfer_id).where(BankTransfer.tag == bindparam("tag"))


class MessageTagTaken(Conflict):
    """Another movement of the program has the tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"tag {tag} is that of another transaction")
        self.tag = tag


class TargetNotFound(NotFound):
    """There is no account to move money to, or the customer has nothing to do with it."""

    thing = "account to transfer to of id"


class DepositRefused(Forbidden):
    """The customer may see the account to move money to, but not move money on it."""

    def __init__(self, account_id: int, customer_id: int) -> None:
        super().__init__(f"customer {customer_id} may not deposit into account {account_id}")


class TargetNotOpen(AccountNotOpen):
    """The account to move money to takes none."""


class Message(NamedTuple):
    """What the network says. An advice tells what has happened already: no rule minds it.

    What is owed was granted before, when it was authorised or posted.
    """

    customer_id: int
    account_id: int
    amount_minor: int
    is_advice: bool = False
    is_owed: bool = False
    card_id: int | None = None
    to_account_id: int | None = None
    tag: str | None = None
    description: str = ""
    processing_code: str = ""
    category_code: str = ""
    entry_method: str = ""
    merchant: Mapping[str, str] = {}
    codes: Mapping[str, str] = {}

    @property
    def is_forced(self) -> bool:
        """Whether nothing can be said against it any more."""
        return self.is_advice or self.is_owed

    @property
    def details(self) -> dict[str, Any]:
        """What is kept of it beside the movement."""
        kept = {"merchant": dict(self.merchant), "codes": dict(self.codes), "entry_method": self.entry_method}
        return {name: value for name, value in kept.items() if value}


class Granted(NamedTuple):
    """What a message is about, once nothing speaks against it."""

    program: ProgramFacts
    account: BankAccountRow
    card: CardRow | None
    kind: Kind


def kind_asked(message: Message) -> Kind:
    """What is to be done: money for another account is moved there, also when no code says so.

    Refuses: Invalid (transfer_to_account_id), when the code says something else.
    """
    if message.to_account_id is None:
        return kind_of(message.processing_code, message.category_code)
    if message.processing_code and kind_of(message.processing_code, "") is not Kind.TRANSFER:
        raise Invalid(
            TARGET, f"is said, but processing code {message.processing_code} is not that of a transfer"
        )
    return Kind.TRANSFER


def grant(tx: Tx, message: Message, kind: Kind, *, counted_minor: int) -> Granted:
    """Whose account and card a message is about, and whether it may be used so; funds are the ledger's affair.

    `counted_minor` is how much of the amount still counts against the day's limit of the card.
    Refuses: as require_customer (what is forced: CustomerNotFound), BankAccountNotFound, AccessMissing (unless it is
    owed), TargetNotFound, DepositRefused (unless it is owed), Invalid (amount_minor), CardNotFound, AccountNotTied; of
    what is not forced also AccountNotOpen, TargetNotOpen, AccountLocked, CardDeclines; MessageTagTaken.
    """
    program = get_program(tx)
    _customer(tx, message)
    account = get_bank_account(tx, message.account_id)
    if not message.is_owed:
        require_access(tx, account.account_id, message.customer_id, FULL)
    target = _target(tx, message, kind)
    if not 0 < message.amount_minor <= POSTING_MINOR_MAX:
        raise Invalid("amount_minor", "must be above zero")
    card = _card(tx, message, program)
    if not message.is_forced:
        refuse_not_open(account)
        refuse_locked(account, is_credit=kind.is_credit)
        if target is not None:
            _refuse_target(target)
        if card is not None and not kind.is_credit:
            _refuse_unusable(tx, card, program)
            refuse_controlled(tx, card, _use(message))
            refuse_beyond(tx, program, card, kind, max(counted_minor, 0))
    if message.tag is not None and tx.one(TAG_TAKEN, tag=message.tag) is not None:
        raise MessageTagTaken(message.tag)
    return Granted(program, account, card, kind)


def _customer(tx: Tx, message: Message) -> None:
    if message.is_forced:
        get_customer(tx, message.customer_id)
    else:
        require_customer(tx, message.customer_id)


def _target(tx: Tx, message: Message, kind: Kind) -> BankAccountRow | None:
    """The account that a transfer goes to. Refuses: TargetNotFound, DepositRefused; of what is owed, nothing."""
    if kind is not Kind.TRANSFER:
        return None
    try:
        target = get_bank_account(tx, message.to_account_id)
    except BankAccountNotFound:
        raise TargetNotFound(message.to_account_id or 0) from None
    if target.account_id == message.account_id:
        raise TargetNotFound(target.account_id)
    if not message.is_owed:
        _refuse_deposit(tx, target.account_id, message.customer_id)
    return target


def _refuse_deposit(tx: Tx, account_id: int, customer_id: int) -> None:
    """Refuses: TargetNotFound, DepositRefused."""
    access = access_of(tx, account_id, customer_id)
    if access == NONE:
        raise TargetNotFound(account_id)
    if ACCESS_RANKS[access] < ACCESS_RANKS[AUTHSIGNER]:
        raise DepositRefused(account_id, customer_id)


def _card(tx: Tx, message: Message, program: ProgramFacts) -> CardRow | None:
    """The card that is said, else the customer's first one in use on the account, one that is not locked before others.

    Cards that have ended, or are not in use yet, have no part in what is asked without a card.
    """
    if message.card_id is not None and message.is_owed:
        return CardRow(*tx.all(GET_CARD, card_id=message.card_id)[0])
    if message.card_id is not None:
        card = take_card(tx, message.customer_id, message.card_id)
        if not is_tied(list_ties(tx, card.id), message.account_id):
            raise AccountNotTied(message.account_id)
        return card
    found = list_cards_on(tx, message.account_id, message.customer_id)
    in_use = [card for card in found if card.is_in_use and not _has_expired(tx, card, program)]
    if not in_use:
        return None
    unlocked = [card for card in in_use if card.lock_type == UNLOCKED]
    return take_card(tx, message.customer_id, (unlocked or in_use)[0].id)


def _refuse_target(account: BankAccountRow) -> None:
    if not account.is_open:
        raise TargetNotOpen(account.account_id, account.status)
    refuse_locked(account, is_credit=True)


def _refuse_unusable(tx: Tx, card: CardRow, program: ProgramFacts) -> None:
    if not card.is_in_use:
        raise CardUnusable(card.id, f"its status is {card.status}")
    if card.lock_type != UNLOCKED:
        raise CardUnusable(card.id, f"it is locked ({card.lock_reason})")
    if _has_expired(tx, card, program):
        raise CardUnusable(card.id, "it has expired")


def _has_expired(tx: Tx, card: CardRow, program: ProgramFacts) -> bool:
    today = tx.now.astimezone(program.zone)
    return (card.expire_year or 0, card.expire_month or 0) < (today.year, today.month)


def _use(message: Message) -> Use:
    return Use(message.amount_minor, message.category_code, message.entry_method, message.merchant)
