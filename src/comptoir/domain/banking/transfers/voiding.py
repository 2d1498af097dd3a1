"""Undoing transfers that were not sent to the other bank yet, and letting them wait."""

from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.movements.errors import (
    AlreadySo,
    NotAWithdrawal,
    NothingWaits,
    TransactionLocked,
    TransactionNotFound,
)
from comptoir.domain.banking.movements.models import DELAYED, INITIATED, VOIDED, BankTransfer
from comptoir.domain.banking.movements.moving import MovedRow, accounts_of, get_moved, void
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.banking.transfers.ends import MAY_MOVE
from comptoir.domain.banking.transfers.fees import give_back_fees, lock_with_fees, payers_of
from comptoir.domain.banking.transfers.finding import Found, asked_by, get_transaction
from comptoir.domain.banking.transfers.transferring import TransferResult
from comptoir.domain.banking.transfers.type_codes import CPWTH
from comptoir.domain.tx import Tx

SET_STATUS = "set_status"
# What a transfer may become by a word, from what it is.
CHANGES = {INITIATED: frozenset({DELAYED, VOIDED}), DELAYED: frozenset({INITIATED, VOIDED})}


def void_transfer_of(
    tx: Tx, *, customer_id: int, transaction_id: int | None = None, tag: str | None = None
) -> list[TransferResult]:
    """Undo a transfer that the customer began and that no bank file holds yet, with the fee for it.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, TransactionNotFound,
    AccessMissing, AlreadySo (void already), TransactionLocked (its status is not Initiated).
    """
    get_program(tx)
    require_customer(tx, customer_id)
    found = get_transaction(tx, customer_id=customer_id, transaction_id=transaction_id, tag=tag)
    row = _taken(tx, found, customer_id)
    if row.status == VOIDED:
        raise AlreadySo(found.transaction_id, row.status)
    if row.status != INITIATED:
        raise TransactionLocked(found.transaction_id, row.status)
    _undo(tx, row)
    return [TransferResult(customer_id, found.master_id, found.tag, found.transaction_id)]


def set_transfer_status(
    tx: Tx, *, transaction_id: int, status: str, customer_id: int | None = None
) -> list[TransferResult]:
    """Let a withdrawal wait, let it go on, or undo it; for the customer who asked for it unless another is named.

    Refuses: NoProgram, NotEnabled, TransactionNotFound, CustomerNotFound and what else require_customer does,
    NothingWaits, NotAWithdrawal, AccessMissing, AlreadySo, TransactionLocked.
    """
    program = get_program(tx)
    require_feature(program, SET_STATUS)
    customer_id = asked_by(tx, transaction_id) if customer_id is None else customer_id
    if customer_id is None:
        raise TransactionNotFound(transaction_id)
    require_customer(tx, customer_id)
    found = get_transaction(tx, customer_id=customer_id, transaction_id=transaction_id)
    if not program.is_nacha_enabled:
        raise NothingWaits
    row = _taken(tx, found, customer_id)
    if row.type_code != CPWTH:
        raise NotAWithdrawal(row.type_code)
    if row.status == status:
        raise AlreadySo(transaction_id, status)
    if status not in CHANGES.get(row.status, frozenset()):
        raise TransactionLocked(transaction_id, row.status)
    if status == VOIDED:
        _undo(tx, row)
    else:
        tx.update(BankTransfer, found.transfer_id, status=status)
        tx.note(
            f"bank_transfer.{status.lower()}", "bank_transfer", found.transfer_id,
            before={"status": row.status}, after={"status": status},
        )  # fmt: skip
    return [TransferResult(customer_id, found.master_id, found.tag, found.transaction_id)]


def _undo(tx: Tx, row: MovedRow) -> None:
    payers = payers_of(tx, row.master_id)
    if payers:
        lock_with_fees(tx, accounts_of(tx, row.transfer_id), payers)
    void(tx, row.transfer_id)
    give_back_fees(tx, row)


def _taken(tx: Tx, found: Found, customer_id: int) -> MovedRow:
    """The transfer, locked, of somebody who may move its money. Refuses: AccessMissing."""
    row = get_moved(tx, found.transfer_id)
    if found.access not in MAY_MOVE:
        raise AccessMissing(found.account_id, customer_id, FULL)
    return row
