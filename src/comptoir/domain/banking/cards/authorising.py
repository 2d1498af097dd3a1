"""Authorising, posting, reversing and charging back what is paid by card: holds and postings of the ledger.

An authorisation is an announced movement: less is available, the balance stands. What completes it takes its
place: the announced one is voided, and what the merchant asks for is posted under the same master.
"""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.accounts.queries import access_of
from comptoir.domain.banking.cards.kinds import CHARGEBACK_CODE, OF_AUTHORISATION, OF_POSTED, Kind
from comptoir.domain.banking.cards.messages import TARGET, Granted, Message, grant, kind_asked
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.movements.chart import CARD_NETWORK
from comptoir.domain.banking.movements.errors import AlreadySo, TransactionLocked, TransactionNotFound
from comptoir.domain.banking.movements.models import PENDING, SETTLED, VOIDED, BankTransfer
from comptoir.domain.banking.movements.moving import End, Moved, Movement, get_moved, move_money, void
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.ledger.models import Posting
from comptoir.domain.tx import Tx

OF_TRANSACTION: Any = (
    select(
        BankTransfer.transfer_id, BankTransfer.master_id, BankTransfer.amount_minor, BankTransfer.type_code,
        BankTransfer.from_id, BankTransfer.to_id, BankTransfer.card_id, BankTransfer.sub_type_code,
        BankTransfer.details, BankTransfer.requesting_customer_id,
    )
    .join(Posting, Posting.transfer_id == BankTransfer.transfer_id)
    .where(Posting.id == bindparam("transaction_id"), Posting.account_id == bindparam("account_id"))
)  # fmt: skip
UNDOINGS = select(BankTransfer.amount_minor, BankTransfer.details).where(
    BankTransfer.master_id == bindparam("master_id"), BankTransfer.status != VOIDED
)


class TooMuchUndone(Conflict):
    """More is to be given back than is left of what was paid."""

    def __init__(self, left_minor: int) -> None:
        super().__init__("the amount is more than is left of the transaction")
        self.left_minor = left_minor


class Original(NamedTuple):
    """An authorisation or a posting that a message is about."""

    transfer_id: int
    master_id: int
    amount_minor: int
    type_code: str
    from_id: int | None
    to_id: int | None
    card_id: int | None
    sub_type_code: str
    details: dict[str, Any]
    requesting_customer_id: int | None


def authorise(tx: Tx, message: Message) -> Moved:
    """Set money aside that a merchant will ask for. An advice sets it aside whatever is there.

    Refuses: Invalid (transfer_to_account_id), as grant, InsufficientFunds, AccountClosed (the ledger's).
    """
    granted = grant(tx, message, kind_asked(message), counted_minor=message.amount_minor)
    type_code = granted.kind.value.authorised
    return move_money(tx, _movement(message, granted, type_code, PENDING, is_forced=message.is_forced))


def post(tx: Tx, message: Message, authorisation_id: int | None = None) -> Moved:
    """Take what a merchant asks for: at once, or in the place of what was authorised, be it more or less.

    Up to what was authorised it is the merchant's, whatever has happened to the account since.
    Refuses: Invalid (transfer_to_account_id), CustomerNotFound, TransactionNotFound, AlreadySo, TransactionLocked (the
    authorisation), as authorise.
    """
    if authorisation_id is None:
        granted = grant(tx, message, kind_asked(message), counted_minor=message.amount_minor)
        type_code = granted.kind.value.posted
        return move_money(tx, _movement(message, granted, type_code, SETTLED, is_forced=message.is_forced))
    authorised, kind = _authorised(tx, message, authorisation_id)
    beyond = message.amount_minor - authorised.amount_minor
    message = _about(message, authorised, is_owed=beyond <= 0)
    granted = grant(tx, message, kind, counted_minor=beyond)
    void(tx, authorised.transfer_id)
    movement = _movement(message, granted, kind.value.posted, SETTLED, is_forced=message.is_forced)
    return move_money(tx, movement._replace(master_id=authorised.master_id))


def reverse(tx: Tx, message: Message, transaction_id: int) -> Moved:
    """Undo a posting, or an authorisation, wholly or in part; without an amount, all that is left of it.

    Refuses: Invalid (transfer_to_account_id), CustomerNotFound, TransactionNotFound, AlreadySo, TransactionLocked,
    TooMuchUndone, as grant, InsufficientFunds.
    """
    original = _original(tx, message, transaction_id)
    if original.type_code in OF_AUTHORISATION:
        return _reverse_authorisation(tx, message, original, transaction_id)
    if original.type_code not in OF_POSTED:
        raise TransactionLocked(transaction_id, f"a {original.type_code}, which cannot be reversed")
    kind = OF_POSTED[original.type_code]
    return _undo(tx, message, original, transaction_id, kind.value.reversed)


def charge_back(tx: Tx, message: Message, transaction_id: int) -> Moved:
    """Give a customer back what a merchant should not have had, wholly or in part.

    Refuses: as reverse.
    """
    original = _original(tx, message, transaction_id)
    kind = OF_POSTED.get(original.type_code)
    if kind not in {Kind.PURCHASE, Kind.CASH}:
        raise TransactionLocked(transaction_id, f"a {original.type_code}, which cannot be charged back")
    return _undo(tx, message, original, transaction_id, CHARGEBACK_CODE)


def _movement(
    message: Message, granted: Granted, type_code: str, status: str, *, is_forced: bool, is_back: bool = False
) -> Movement:
    other: End = CARD_NETWORK
    if granted.kind is Kind.TRANSFER:
        assert message.to_account_id is not None
        other = message.to_account_id
    source: End = message.account_id
    if granted.kind.is_credit != is_back:
        source, other = other, source
    return Movement(
        amount_minor=message.amount_minor,
        source=source,
        target=other,
        type_code=type_code,
        status=status,
        customer_id=granted.account.customer_id,
        requesting_customer_id=message.customer_id,
        card_id=None if granted.card is None else granted.card.id,
        tag=message.tag,
        description=message.description,
        sub_type_code=message.category_code,
        details=message.details,
        is_forced=is_forced,
    )


def _original(tx: Tx, message: Message, transaction_id: int) -> Original:
    """What a message is about, locked until the transaction ends: its customer's, or of an account of theirs.

    Refuses: Invalid (transfer_to_account_id), CustomerNotFound, TransactionNotFound.
    """
    kind_asked(message)
    get_customer(tx, message.customer_id)
    row = tx.one(OF_TRANSACTION, transaction_id=transaction_id, account_id=message.account_id)
    if row is None:
        raise TransactionNotFound(transaction_id)
    original = Original(*row)
    is_own = original.requesting_customer_id == message.customer_id
    if not is_own and access_of(tx, message.account_id, message.customer_id) != FULL:
        raise TransactionNotFound(transaction_id)
    get_moved(tx, original.transfer_id)
    return original


def _authorised(tx: Tx, message: Message, transaction_id: int) -> tuple[Original, Kind]:
    """An authorisation that is waiting to be asked for. Refuses: TransactionNotFound, TransactionLocked."""
    original = _original(tx, message, transaction_id)
    kind = OF_AUTHORISATION.get(original.type_code)
    if kind is None:
        raise TransactionLocked(transaction_id, f"a {original.type_code}, not an authorisation")
    _refuse_ended(tx, original, transaction_id)
    return original, kind


def _refuse_ended(tx: Tx, original: Original, transaction_id: int) -> None:
    status = get_moved(tx, original.transfer_id).status
    if status == VOIDED:
        raise AlreadySo(transaction_id, status)
    if status != PENDING:
        raise TransactionLocked(transaction_id, status)


def _reverse_authorisation(tx: Tx, message: Message, original: Original, transaction_id: int) -> Moved:
    """Free what was set aside; of a part, the rest is set aside anew."""
    _refuse_ended(tx, original, transaction_id)
    left = original.amount_minor
    taken = message.amount_minor or left
    if taken > left:
        raise TooMuchUndone(left)
    kind = OF_AUTHORISATION[original.type_code]
    message = _about(message._replace(amount_minor=taken), original, is_owed=True)
    granted = grant(tx, message, kind, counted_minor=0)
    void(tx, original.transfer_id)
    if taken < left:
        rest = message._replace(amount_minor=left - taken)
        movement = _movement(rest, granted, original.type_code, PENDING, is_forced=True)
        move_money(tx, movement._replace(master_id=original.master_id))
    return Moved(original.transfer_id, original.master_id, {message.account_id: transaction_id})


def _undo(tx: Tx, message: Message, original: Original, transaction_id: int, type_code: str) -> Moved:
    """Move back what was posted, no more than is left of it."""
    kind = OF_POSTED[original.type_code]
    undone = sum(
        amount_minor
        for amount_minor, details in tx.all(UNDOINGS, master_id=original.master_id)
        if details.get("undoes") == original.transfer_id
    )
    left = original.amount_minor - undone
    if left <= 0:
        raise AlreadySo(transaction_id, "reversed")
    taken = message.amount_minor or left
    if taken > left:
        raise TooMuchUndone(left)
    message = _about(message._replace(amount_minor=taken), original, is_owed=True)
    granted = grant(tx, message, kind, counted_minor=0)
    # What comes back to the account is the customer's; what is to leave again must be there, unless it has left.
    movement = _movement(message, granted, type_code, SETTLED, is_forced=message.is_advice, is_back=True)
    details = {**(movement.details or {}), "undoes": original.transfer_id}
    return move_money(tx, movement._replace(master_id=original.master_id, details=details))


def _about(message: Message, original: Original, *, is_owed: bool) -> Message:
    """A message about what went before, with what it need not say again. Refuses: Invalid (transfer_to_account_id)."""
    is_transfer = original.type_code in {Kind.TRANSFER.value.authorised, Kind.TRANSFER.value.posted}
    target = original.to_id if is_transfer else None
    if message.to_account_id not in {None, target}:
        raise Invalid(TARGET, f"{message.to_account_id} is not where the transaction went")
    return message._replace(
        is_owed=is_owed,
        card_id=message.card_id or original.card_id,
        to_account_id=target,
        category_code=message.category_code or original.sub_type_code,
        merchant=message.merchant or original.details.get("merchant", {}),
    )
