"""Closing accounts: interest is paid, what is left is swept to where the customer wants it (reference 3.4.5)."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, column, select, table

from comptoir.domain.banking.accounts.destinations import Destination, find_destination
from comptoir.domain.banking.accounts.errors import CloseRefused
from comptoir.domain.banking.accounts.interest import pay
from comptoir.domain.banking.accounts.models import CLOSED, FULL, NONE, OPEN, PENDING_CLOSED, BankAccount
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    find_bank_account,
    get_bank_account,
    take_bank_account,
)
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import Moved, Movement, move_money
from comptoir.domain.ledger.accounts import close_account
from comptoir.domain.ledger.models import LIABILITY
from comptoir.domain.ledger.standing import lock_accounts
from comptoir.domain.tx import Tx

REASONS_BEFORE = ("Fraud", "Never funded", "BSA Reasons", "Relationship Ended", "Deceased", "Other")
REASONS = (
    "FirstPartyFraud", "ThirdPartyFraud", "SyntheticIdFraud", "AccountTakeoverFraud", "NonActivity",
    "CustomerRequest", "BankDiscretion", "Other",
)  # fmt: skip
OTHER = "Other"


class Closing(NamedTuple):
    """What came of closing an account; amounts are minor units."""

    account_id: int
    close_to_id: int | None
    is_external: bool
    balance_minor: int
    interest_minor: int
    withheld_minor: int
    total_minor: int
    transaction_id: int | None


# Cards stand above accounts: their table is known here by its name alone.
_TIES = table("card_account", column("card_id"), column("account_id"))
_CARDS = table("card", column("id"), column("status"))
LIVING_CARD = (
    select(_CARDS.c.id)
    .join(_TIES, _TIES.c.card_id == _CARDS.c.id)
    .where(
        _TIES.c.account_id == bindparam("account_id"),
        _CARDS.c.status != "Archived",
        _CARDS.c.status != "Denied",
        _CARDS.c.status != "Expired",
        _CARDS.c.status != "HotListed",
    )
    .limit(1)
)
OTHER_OPEN = (
    select(BankAccount.account_id)
    .where(
        BankAccount.customer_id == bindparam("customer_id"),
        BankAccount.account_id != bindparam("but"),
        BankAccount.status == OPEN,
    )
    .limit(1)
)
TAGGED = select(BankTransfer.transfer_id).where(BankTransfer.tag == bindparam("tag"))


def close_bank_account(
    tx: Tx,
    *,
    customer_id: int,
    account_id: int,
    close_to_id: int | None = None,
    tag: str | None = None,
    reason: str = "",
    notes: str = "",
) -> Closing:
    """Close an account, and move what is on it, with the interest that is owed, to where it shall go.

    What goes to another bank by a bank file is on its way for a while: until it has settled, the account is
    PendingClosed. Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CloseRefused
    (by kind: account, privilege, closed, reason, notes), as find_destination, CloseRefused (not_closeable,
    primary, linked_card, pending, negative, tag, target_missing).
    """
    require_customer(tx, customer_id, is_verified=False)
    _closable(tx, customer_id, account_id)
    _refuse_reason(reason, notes)
    target = None
    if close_to_id:
        target = find_destination(tx, close_to_id, customer_id=customer_id, own_id=account_id)
    account = _standing_still(tx, account_id, target)
    _refuse_bound(tx, account)
    if tag is not None and tx.value(TAGGED, tag=tag) is not None:
        raise CloseRefused("tag", f"transaction tag {tag!r} was used before")
    before_minor = account.balance_minor
    interest = pay(tx, account_id=account_id)
    total = get_bank_account(tx, account_id).balance_minor
    moved = None
    if total:
        if target is None:
            raise CloseRefused("target_missing", "closeToAccountId is needed for what is left on the account")
        moved = _sweep(tx, account, target, total, tag=tag, customer_id=customer_id)
    closing = Closing(
        account_id, close_to_id or None, target is not None and target.external_account_id is not None,
        before_minor, interest.gross_minor if interest else 0, interest.withheld_minor if interest else 0,
        total, moved.transactions[account_id] if moved else None,
    )  # fmt: skip
    _end(tx, account, closing, reason=reason, notes=notes)
    return closing


def end_account(tx: Tx, account_id: int) -> None:
    """Close an account on which nothing is, in the books too. Refuses: AccountNotEmpty."""
    close_account(tx, account_id=account_id)
    change_account(tx, account_id, status=CLOSED, closed_at=tx.now)
    before, after = {"status": PENDING_CLOSED}, {"status": CLOSED}
    tx.note("bank_account.closed", "bank_account", account_id, before=before, after=after)


def _closable(tx: Tx, customer_id: int, account_id: int) -> None:
    """Take the account that is to be closed, if the customer may close it. Refuses: CloseRefused."""
    found = find_bank_account(tx, account_id)
    access = NONE if found is None else access_of(tx, account_id, customer_id)
    if access == NONE:
        raise CloseRefused("account", f"account id {account_id} is invalid")
    account = take_bank_account(tx, account_id)
    if access != FULL:
        raise CloseRefused("privilege", "the customer does not have the privilege to close the account")
    if account.is_closed or account.status == PENDING_CLOSED:
        raise CloseRefused("closed", "the account is closed already")


def _standing_still(tx: Tx, account_id: int, target: Destination | None) -> BankAccountRow:
    """The account as it stands while nothing moves on it any more, nor on where its money goes."""
    ids = [account_id] if target is None or not isinstance(target.end, int) else [account_id, target.end]
    lock_accounts(tx, ids)
    return get_bank_account(tx, account_id)


def _refuse_reason(reason: str, notes: str) -> None:
    """Older callers say anything or nothing; but a reason has words, and `Other` is explained."""
    if reason and not any(letter.isalpha() for letter in reason):
        raise CloseRefused("reason", f"closeReason must be one of {', '.join(REASONS)}")
    if reason.strip().lower() == OTHER.lower() and not notes.strip():
        raise CloseRefused("notes", "closeReasonNotes are required when closeReason is Other")


def _refuse_bound(tx: Tx, account: BankAccountRow) -> None:
    """What must be settled before an account can end. Refuses: CloseRefused."""
    standing = account.standing
    if not account.is_closeable or standing.kind != LIABILITY:
        raise CloseRefused("not_closeable", "the account is not closeable")
    others: Any = tx.value(OTHER_OPEN, customer_id=account.customer_id, but=account.account_id)
    if account.is_primary and others is not None:
        raise CloseRefused("primary", "the primary account stays open while the customer has others")
    if tx.value(LIVING_CARD, account_id=account.account_id) is not None:
        raise CloseRefused("linked_card", "a card is linked to the account: remove it by card/removeAccount")
    if standing.pending_in_minor or standing.pending_out_minor or standing.held_minor:
        raise CloseRefused("pending", "the account has pending transactions or held funds")
    if standing.balance_minor < 0:
        raise CloseRefused("negative", "the balance of the account is negative")


def _sweep(
    tx: Tx, account: BankAccountRow, target: Destination, total: int, *, tag: str | None, customer_id: int
) -> Moved:
    return move_money(
        tx,
        Movement(
            total, account.account_id, target.end, target.type_code, status=target.status,
            customer_id=account.customer_id, requesting_customer_id=customer_id, from_id=account.account_id,
            to_id=target.id, external_account_id=target.external_account_id, tag=tag,
            settles_on=target.settles_on, description="Closing of the account",
        ),
    )  # fmt: skip


def _end(tx: Tx, account: BankAccountRow, closing: Closing, *, reason: str, notes: str) -> None:
    change_account(
        tx,
        account.account_id,
        status=PENDING_CLOSED,
        is_primary=False,
        accrued_through=None,
        closed_reason=reason,
        closed_notes=notes,
        closed_minor=closing.total_minor,
        closed_transaction_id=closing.transaction_id,
    )
    before, after = {"status": account.status}, {"status": PENDING_CLOSED, "total_minor": closing.total_minor}
    tx.note("bank_account.closing", "bank_account", account.account_id, before=before, after=after)
    standing = get_bank_account(tx, account.account_id).standing
    if not standing.posted_minor and not standing.pending_out_minor:
        end_account(tx, account.account_id)
