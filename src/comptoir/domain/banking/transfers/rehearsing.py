"""What a transfer would do: it is made, looked at, and undone before anybody else can see it."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import create_transfer
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.money import Money
from comptoir.domain.tx import Tx

LAST = select(Transfer.id).order_by(Transfer.id.desc()).limit(1)
POSTINGS = (
    select(
        Posting.transfer_id, Transfer.state, BankTransfer.type_code, Account.id, Account.code, Account.name,
        Account.kind, Account.currency, Account.is_closed, Account.floor_minor, Account.posted_minor,
        Account.pending_in_minor, Account.pending_out_minor, Account.held_minor, Posting.amount_minor,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .outerjoin(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(Posting.transfer_id > bindparam("after"))
    .order_by(Posting.transfer_id, Posting.id)
)  # fmt: skip
MARK = "rehearsal"


class Foreseen(NamedTuple):
    """One posting that there would be, and how its account would stand after all of them."""

    type_code: str
    state: str
    account: Standing
    amount: Money


def rehearse_transfer(tx: Tx, order: TransferOrder) -> list[Foreseen]:
    """The postings of a transfer with its fees, without making it. Refuses: as create_transfer."""
    noted, last = len(tx.changes), int(tx.value(LAST) or 0)
    tx.script(f"SAVEPOINT {MARK}")
    try:
        create_transfer(tx, order)
        rows = tx.all(POSTINGS, after=last)
    finally:
        del tx.changes[noted:]
        tx.script(f"ROLLBACK TO SAVEPOINT {MARK}")
        tx.script(f"RELEASE SAVEPOINT {MARK}")
    return [
        Foreseen(type_code or "", state, Standing(*standing), Money(minor, standing[4]))
        for _, state, type_code, *standing, minor in rows
    ]
