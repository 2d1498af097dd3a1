"""Settling: what was sent and has not come back takes place on its day, and the banks are square."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.clearing.hours import hours_of
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.models import PENDING, BankTransfer
from comptoir.domain.banking.movements.moving import Movement, move_money, settle
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.same_day import available_from
from comptoir.domain.ledger.accounts import FIND_ID, accounts_for
from comptoir.domain.ledger.models import Posting
from comptoir.domain.ledger.standing import lock_accounts
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

BATCH = 500
# What the banks settle between each other, all transfers of a round in one.
SQUARED = "ACHSTL"

IS_DUE = (
    BankTransfer.status == PENDING,
    BankTransfer.file_id.is_not(None),
    BankTransfer.settles_on <= bindparam("today"),
    BankTransfer.created_at < bindparam("settled_before"),
)
_DUE = (
    select(BankTransfer.transfer_id, BankTransfer.from_id, BankTransfer.external_account_id)
    .where(*IS_DUE)
    .order_by(BankTransfer.transfer_id)
    .limit(bindparam("limit"))
)
DUE = {"sqlite": _DUE, "postgres": _DUE.with_for_update(key_share=True)}
TOUCHED = select(Posting.account_id).where(among(Posting.transfer_id, "transfer_ids"))


class Due(NamedTuple):
    """A transfer whose day has come."""

    transfer_id: int
    from_id: int | None
    external_account_id: int | None

    @property
    def is_deposit(self) -> bool:
        """Whether the money comes from an account of the customer at another bank."""
        return self.external_account_id is not None and self.from_id == self.external_account_id


def settle_due(tx: Tx, *, limit: int = BATCH) -> int:
    """Settle what is due, so many at most, and say how many. A deposit may have to wait until it is available."""
    try:
        program = get_program(tx)
    except NoProgram:
        return 0
    hours = hours_of(tx, program)
    if not hours.is_open:
        return 0
    rows = tx.all(DUE[tx.engine], today=hours.today, settled_before=hours.settled_before, limit=limit)
    due = [Due(*row) for row in rows]
    if not due:
        return 0
    _lock(tx, due)
    available_at = available_from(tx, program)
    for one in due:
        settle(tx, one.transfer_id, available_at=available_at if one.is_deposit else None)
    square(tx)
    return len(due)


def square(tx: Tx) -> int:
    """Let the banks settle what is on its way between them, and say whether anything was.

    Afterwards only what is announced is in transit; the rest moved cash.
    """
    in_transit: int | None = tx.value(FIND_ID, code=IN_TRANSIT.code, currency=tx.shop.currency)
    if in_transit is None:
        return 0
    owed_minor = lock_accounts(tx, [in_transit])[in_transit].posted_minor
    if owed_minor == 0:
        return 0
    # What other banks owe us comes in as cash; what we owe them leaves.
    source, target = (CASH, IN_TRANSIT) if owed_minor > 0 else (IN_TRANSIT, CASH)
    move_money(
        tx,
        Movement(
            abs(owed_minor), source, target, SQUARED,
            description=f"ACH settlement of {tx.now:%Y-%m-%d %H:%M}", is_forced=True,
        ),
    )  # fmt: skip
    return 1


def _lock(tx: Tx, due: Sequence[Due]) -> None:
    """Lock every account that will move, at once and in order, so that nobody waits in a circle."""
    rows = tx.all(TOUCHED, transfer_ids=[one.transfer_id for one in due])
    ids = {account_id for (account_id,) in rows}
    ids |= set(accounts_for(tx, [CASH, IN_TRANSIT], tx.shop.currency).values())
    lock_accounts(tx, ids)
