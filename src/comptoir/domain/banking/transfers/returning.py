"""What another bank gives back: of what waited nothing remains, of what was settled the opposite is posted."""

from sqlalchemy import bindparam, select, update

from comptoir.domain.banking.accounts.queries import find_bank_account
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.errors import AlreadyReturned, TransactionLocked
from comptoir.domain.banking.movements.models import SETTLED, VOIDED, BankTransfer
from comptoir.domain.banking.movements.moving import (
    DEPOSIT_HOLD,
    End,
    MovedRow,
    Movement,
    get_moved,
    move_money,
    places_of,
    void,
)
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.banking.transfers.fees import RETURN, charge_by_rule, has_rule, lock_with_fees
from comptoir.domain.banking.transfers.type_codes import RETURNED_DEPOSIT, RETURNED_WITHDRAWAL
from comptoir.domain.ledger.accounts import AccountPlan
from comptoir.domain.ledger.holds import release_hold
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import Tx

RETURN_CLEARING = "ReturnClearing"

HOLD_OF = select(Hold.id).where(
    Hold.account_id == bindparam("account_id"),
    Hold.state == ACTIVE,
    Hold.subject == DEPOSIT_HOLD,
    Hold.subject_id == bindparam("transfer_id"),
)
MARK = (
    update(BankTransfer)
    .where(BankTransfer.transfer_id == bindparam("key"))
    .values(return_code=bindparam("return_code"))
)


def return_movement(
    tx: Tx, transfer_id: int, code: str, *, via: End = IN_TRANSIT, description: str = ""
) -> int:
    """Take back what another bank returned with a code, and give the transfer that says so.

    What waits to settle is void. What was settled is moved back by force, `via` what stands for the other bank:
    its balance may fall below its floor. For an account that was closed meanwhile the program takes the money.
    Refuses: TransactionNotFound, AlreadyReturned, TransactionLocked (it is void), AccountClosed (there is no
    program account for returns either).
    """
    row = get_moved(tx, transfer_id)
    if row.return_code:
        raise AlreadyReturned(transfer_id, row.return_code)
    if row.status == VOIDED:
        raise TransactionLocked(transfer_id, row.status)
    if row.status != SETTLED:
        void(tx, transfer_id, return_code=code)
        return transfer_id
    return _moved_back(tx, row, code, via, description)


def _moved_back(tx: Tx, row: MovedRow, code: str, via: End, description: str) -> int:
    is_deposit = row.from_id == row.external_account_id
    inside_id = row.to_id if is_deposit else row.from_id
    assert inside_id is not None
    place = _open_place(tx, inside_id)
    ends: tuple[End, End] = (place, via) if is_deposit else (via, place)
    is_charged = place == inside_id and row.customer_id is not None and has_rule(tx, RETURN)
    lock_with_fees(tx, [inside_id, *places_of(tx, *ends).account_ids], [inside_id] if is_charged else [])
    if is_deposit:
        release_deposit(tx, row.transfer_id, inside_id)
    moved = move_money(
        tx,
        Movement(
            amount_minor=row.amount_minor,
            source=ends[0],
            target=ends[1],
            type_code=RETURNED_DEPOSIT if is_deposit else RETURNED_WITHDRAWAL,
            customer_id=row.customer_id,
            from_id=row.to_id,
            to_id=row.from_id,
            external_account_id=row.external_account_id,
            description=description,
            return_code=code,
            master_id=row.master_id,
            is_forced=True,
            details={"returns": row.transfer_id},
        ),
    )
    is_theirs = place == inside_id and find_bank_account(tx, inside_id) is not None
    if is_theirs and row.customer_id is not None:
        charge_by_rule(
            tx,
            RETURN,
            customer_id=row.customer_id,
            account_id=inside_id,
            master_id=row.master_id,
            is_forced=True,
        )
    tx.run(MARK, key=row.transfer_id, return_code=code)
    tx.note(
        "bank_transfer.returned", "bank_transfer", row.transfer_id,
        after={"return_code": code, "returned_by": moved.transfer_id},
    )  # fmt: skip
    return moved.transfer_id


def release_deposit(tx: Tx, transfer_id: int, account_id: int) -> bool:
    """Let a deposit wait no longer, and say whether it did."""
    hold_id: int | None = tx.value(HOLD_OF, account_id=account_id, transfer_id=transfer_id)
    if hold_id is None:
        return False
    release_hold(tx, hold_id=hold_id)
    return True


def _open_place(tx: Tx, account_id: int) -> int | AccountPlan:
    """The account, or where its money goes once it is closed."""
    if not get_account(tx, account_id).is_closed:
        return account_id
    clearing = program_account_of(tx, RETURN_CLEARING)
    return account_id if clearing is None else clearing
